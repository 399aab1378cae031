import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { open, statement } from './account.samples.ts'
import {
  type Account,
  type Cause,
  type Change,
  type Demand,
  endGrant,
  holdCredits,
  nextVersion,
  openAccount,
} from './account.ts'
import { amountOf, type Credits, formatAmount, sum } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { anyAmount, anyGrants, anyInstant, CREDITS, grantOf, METER } from './grant.samples.ts'
import { captureParts, releaseParts } from './hold.ts'

const NOW = 1_000
const usage: Cause = { type: 'usage_event', id: 'used' }
const hold: Cause = { type: 'hold', id: 'held' }

const demand = (credits: string, at = NOW): Demand => ({
  creditType: CREDITS,
  meter: METER,
  amount: amountOf<'credits'>(credits),
  at,
  cause: usage,
})

const heldOf = ({ grants }: Account): string => grants.map(({ id, held }) => `${id} ${formatAmount(held)}`).join(', ')

/** Three grants in drawdown order: 3 that end at 2,000, then 4, then 10. */
const three = (differs: Partial<Grant> = {}) =>
  openAccount(1, [
    grantOf('soon', '3', { expiresAt: 2_000, ...differs }),
    grantOf('then', '4', { effectiveAt: 1 }),
    grantOf('last', '10', { effectiveAt: 2 }),
  ])

const held = (credits: string, account = three()) => holdCredits(account, demand(credits))
const capture = (credits: string, of: string, at = NOW, account = three()) => {
  const taken = held(of, account)
  return captureParts(nextVersion(taken.account), taken.parts, demand(credits, at), hold)
}

describe('a hold', () => {
  it('takes credits out of the balance in drawdown order', () => {
    const taken = held('5')
    expect(statement(taken)).toEqual(['1 HOLD soon -3 = 14', '1 HOLD then -2 = 12'])
    expect(heldOf(taken.account)).toBe('soon 3, then 2, last 0')
    expect(taken.shortfall).toBe(0n)
  })

  it('takes what there is, and says what is missing', () => {
    const taken = held('20')
    expect(formatAmount(taken.shortfall)).toBe('3')
    expect(open(taken.account)).toBe('soon 0, then 0, last 0')
  })

  it('that is released gives back to the very grants it came from', () => {
    const taken = held('5')
    const released = releaseParts(nextVersion(taken.account), taken.parts, NOW, hold)
    expect(statement(released)).toEqual(['2 RELEASE soon 3 = 15', '2 RELEASE then 2 = 17'])
    expect(released.account.grants).toEqual(three().grants)
  })

  it.each<[string, string, string, string[]]>([
    // held | used | story | statement
    [
      '5',
      '5',
      'all of it',
      ['2 RELEASE soon 3 = 15', '2 DRAW soon -3 = 12', '2 RELEASE then 2 = 14', '2 DRAW then -2 = 12'],
    ],
    ['5', '3', 'the first grant pays first', ['2 RELEASE soon 3 = 15', '2 DRAW soon -3 = 12', '2 RELEASE then 2 = 14']],
    ['5', '1', 'a part of the first', ['2 RELEASE soon 3 = 15', '2 DRAW soon -1 = 14', '2 RELEASE then 2 = 16']],
    ['5', '0', 'nothing', ['2 RELEASE soon 3 = 15', '2 RELEASE then 2 = 17']],
    ['3', '5', 'more than it holds', ['2 RELEASE soon 3 = 17', '2 DRAW soon -3 = 14', '2 DRAW then -2 = 12']],
  ])('of %s, captured for %s: %s', (of, used, _, expected) => {
    expect(statement(capture(used, of))).toEqual(expected)
  })

  it('captured for more than there is leaves a shortfall', () => {
    expect(formatAmount(capture('20', '5').shortfall)).toBe('3')
  })

  it('taken before the end of a grant is captured after it, and what it did not use ends with the grant', () => {
    const late = capture('1', '5', 2_000)
    expect(statement(late)).toEqual([
      '2 RELEASE soon 3 = 15',
      '2 DRAW soon -1 = 14',
      '2 EXPIRE soon -2 = 12',
      '2 RELEASE then 2 = 14',
    ])
    expect(late.account.grants.find(({ id }) => id === 'soon')?.closed).toBe(true)
  })

  it.each(['VOID', 'EXPIRE'] as const)('of a grant that has ended since by %s gives back nothing to spend', (kind) => {
    const taken = held('2')
    const ended = endGrant(taken.account, 'soon', kind, NOW, usage)
    const released = releaseParts(nextVersion(ended.account), taken.parts, NOW, hold)
    expect(statement(released)).toEqual(['3 RELEASE soon 2 = 16', `3 ${kind} soon -2 = 14`])
    expect(released.account.grants.find(({ id }) => id === 'soon')?.closed).toBe(true)
  })

  it('of an allowance that its renewal has ended closes it', () => {
    const account = three({ kind: 'ALLOWANCE' })
    const taken = held('3', account)
    const ended = endGrant(taken.account, 'soon', 'EXPIRE', 2_000, usage)
    const used = captureParts(nextVersion(ended.account), taken.parts, demand('3', 2_500), hold)
    expect(used.account.grants.find(({ id }) => id === 'soon')).toMatchObject({ closed: true, held: 0n, remaining: 0n })
  })
})

describe('laws of holds', () => {
  const total = ({ entries }: Change): bigint => sum(entries.map(({ amount }) => amount))

  it('a hold that is released leaves no net effect', () => {
    fc.assert(
      fc.property(anyGrants, anyInstant, anyAmount<'credits'>(), (grants, at, amount) => {
        const account = openAccount(1, grants)
        const taken = holdCredits(account, { ...demand('0', at), amount })
        const released = releaseParts(taken.account, taken.parts, at, hold)
        expect(total(taken) + total(released)).toBe(0n)
        expect(released.account.grants).toEqual(account.grants)
      }),
    )
  })

  it('a hold that is captured in full draws what a draw would have drawn', () => {
    fc.assert(
      fc.property(anyGrants, anyInstant, anyAmount<'credits'>(), (grants, at, amount) => {
        const account = openAccount(1, grants)
        const taken = holdCredits(account, { ...demand('0', at), amount })
        const paid = { ...demand('0', at), amount: (amount - taken.shortfall) as Credits }
        const used = captureParts(taken.account, taken.parts, paid, hold)
        expect(used.shortfall).toBe(0n)
        expect(total(taken) + total(used)).toBe(-paid.amount)
        expect(used.account.grants.map(({ id, held }) => [id, held])).toEqual(
          account.grants.map(({ id, held }) => [id, held]),
        )
      }),
    )
  })
})
