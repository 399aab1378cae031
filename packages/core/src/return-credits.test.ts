import { describe, expect, it } from 'vitest'
import { type Account, availableOf, type Cause, type Change, draw, nextVersion, openAccount } from './account.ts'
import { amountOf, formatAmount } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { CREDITS, grantOf, METER } from './grant.samples.ts'
import { type Returned, returnCredits } from './return-credits.ts'

const NOW = 1_000
const cause: Cause = { type: 'usage_event', id: 'undone' }

/** The grant 'a' after some of its 5 credits were drawn: alone in its account, or closed and gone from it. */
function drawn(credits: string, differs: Partial<Grant> = {}): { account: Account; grant: Grant } {
  const usage = { creditType: CREDITS, meter: METER, amount: amountOf<'credits'>(credits), at: 10, cause }
  const { account } = draw(openAccount(1, [grantOf('a', '5', differs)]), usage)
  const grant = account.grants[0] as Grant
  return { account: openAccount(1, grant.closed ? [] : [grant]), grant }
}

const giveBack = (account: Account, grant: Grant, credits: string, kind: Returned['kind'] = 'REVERSE') =>
  returnCredits(nextVersion(account), grant, { amount: amountOf(credits), kind, at: NOW, cause })

const statement = ({ entries }: Change): string[] =>
  entries.map(
    ({ version, kind, grantId, amount, availableAfter }) =>
      `${version} ${kind} ${grantId} ${formatAmount(amount)} = ${formatAmount(availableAfter)}`,
  )

describe('what goes back to a grant', () => {
  it.each<[string, string, Partial<Grant>, string[], string, boolean]>([
    // story | drawn | grant | statement | remains | closed
    ['that is open', '3', {}, ['2 REVERSE a 3 = 5'], '5', false],
    ['that was spent: it opens again', '5', {}, ['2 REVERSE a 5 = 5'], '5', false],
    ['that is a spent allowance', '5', { kind: 'ALLOWANCE' }, ['2 REVERSE a 5 = 5'], '5', false],
    ['a moment before its end', '3', { expiresAt: 1_001 }, ['2 REVERSE a 3 = 5'], '5', false],
    ['at its end: it expires', '5', { expiresAt: 1_000 }, ['2 REVERSE a 5 = 5', '2 EXPIRE a -5 = 0'], '0', true],
    ['that was taken back', '5', { ended: 'VOID' }, ['2 REVERSE a 5 = 5', '2 VOID a -5 = 0'], '0', true],
    ['that was ended early', '5', { ended: 'EXPIRE' }, ['2 REVERSE a 5 = 5', '2 EXPIRE a -5 = 0'], '0', true],
  ])('%s', (_, credits, differs, expected, remains, closed) => {
    const { account, grant } = drawn(credits, differs)
    const change = giveBack(account, grant, credits)
    expect(statement(change)).toEqual(expected)
    expect(change.account.grants).toEqual([{ ...grant, remaining: amountOf(remains), closed }])
    expect(formatAmount(availableOf(change.account, CREDITS))).toBe(remains)
  })

  it('is drawn again in its old place', () => {
    const { grant } = drawn('5', { expiresAt: 9_000 })
    const { account } = giveBack(openAccount(1, [grantOf('b', '7')]), grant, '5')
    expect(account.grants.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(account.nextDueAt).toBe(9_000)
  })

  it('in two parts opens it once, from what it is now and not from what was stored', () => {
    const { account, grant } = drawn('5')
    const half = giveBack(account, grant, '2')
    const whole = returnCredits(half.account, grant, { amount: amountOf('3'), kind: 'REVERSE', at: NOW, cause })
    expect(statement(whole)).toEqual(['2 REVERSE a 3 = 5'])
    expect(whole.account.grants).toEqual([grantOf('a', '5')])
  })

  it('of an expired grant with held credits leaves those with their hold', () => {
    const held = { amount: amountOf<'credits'>('9'), held: amountOf<'credits'>('4'), expiresAt: 900 }
    const { account, grant } = drawn('5', held)
    const change = giveBack(account, grant, '5')
    expect(statement(change)).toEqual(['2 REVERSE a 5 = 5', '2 EXPIRE a -5 = 0'])
    expect(change.account.grants).toEqual([{ ...grant, closed: false }])
  })

  it('of a refunded grant settles the debt first, and the rest can be spent', () => {
    const { account, grant } = drawn('5', { owed: amountOf('3') })
    const change = giveBack(account, grant, '5')
    expect(statement(change)).toEqual(['2 REVERSE a 5 = 5', '2 VOID a -3 = 2'])
    expect(change.entries[1]?.cause).toEqual({ ...cause, detail: { settles: 'debt' } })
    const smaller = {
      amount: amountOf<'credits'>('2'),
      remaining: amountOf<'credits'>('2'),
      owed: amountOf<'credits'>('0'),
    }
    expect(change.account.grants).toEqual([{ ...grant, ...smaller }])
  })

  it('of a grant in dispute is frozen with the rest', () => {
    const { account, grant } = drawn('5', { frozen: amountOf('1') })
    const change = giveBack(account, grant, '5')
    expect(statement(change)).toEqual(['2 REVERSE a 5 = 5', '2 HOLD a -5 = 0'])
    expect(change.account.grants).toEqual([{ ...grant, frozen: amountOf('6') }])
  })

  it('from a hold is no longer held', () => {
    const { account, grant } = drawn('3', { held: amountOf('2') })
    const change = giveBack(account, grant, '2', 'RELEASE')
    expect(statement(change)).toEqual(['2 RELEASE a 2 = 4'])
    expect(change.account.grants).toEqual([{ ...grant, remaining: amountOf('4'), held: amountOf('0') }])
  })

  it.each(['0', '-1'])('is never %s', (credits) => {
    const { account, grant } = drawn('3')
    expect(() => giveBack(account, grant, credits)).toThrow('a positive amount')
  })
})
