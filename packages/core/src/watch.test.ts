import { describe, expect, it } from 'vitest'
import { addGrant, type Cause, type Change, draw, endGrant, holdCredits, nextVersion, openAccount } from './account.ts'
import { amountOf } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { CREDITS, grantOf, METER } from './grant.samples.ts'
import { releaseParts } from './hold.ts'
import { revoke, settleDebts } from './refund.ts'
import { returnCredits } from './return-credits.ts'
import { moveWatches, type Threshold, type Watch } from './watch.ts'

const NOW = 1_000
const cause: Cause = { type: 'usage_event', id: 'used' }

const watch = (id: string, threshold: Threshold, differs: Partial<Watch> = {}): Watch => ({
  id,
  creditType: CREDITS,
  kind: 'ALERT',
  threshold,
  armed: true,
  ...differs,
})
const amount = (credits: string): Threshold => ({ amount: amountOf(credits) })
const percent = (of: string): Threshold => ({ percent: amountOf(of) })

const hundred = openAccount(1, [grantOf('a', '100')])
const demand = (credits: string) => ({
  creditType: CREDITS,
  meter: METER,
  amount: amountOf<'credits'>(credits),
  at: NOW,
  cause,
})
const used = (credits: string, account = hundred) => draw(nextVersion(account), demand(credits))
const refilled = (credits: string, account: Change['account']) =>
  addGrant(account, grantOf('b', credits), NOW, { type: 'grant', id: 'b' })

const told = (watches: readonly Watch[], { account, entries }: Change) => {
  const { crossed, changed } = moveWatches(watches, account, entries, NOW)
  return { crossed: crossed.map(({ id }) => id), armed: changed.map(({ id, armed }) => `${id} ${armed}`) }
}

describe('a threshold', () => {
  it.each<[string, Threshold, string, boolean]>([
    ['a draw that stays above an amount', amount('20'), '79', false],
    ['a draw to the amount', amount('20'), '80', true],
    ['a draw below it', amount('20'), '90', true],
    ['a draw that stays above a share of what was granted', percent('20'), '79.999999999', false],
    ['a draw to the share', percent('20'), '80', true],
    ['all of it', amount('0'), '100', true],
  ])('%s', (_, threshold, credits, crosses) => {
    expect(told([watch('w', threshold)], used(credits))).toEqual(
      crosses ? { crossed: ['w'], armed: ['w false'] } : { crossed: [], armed: [] },
    )
  })

  it('tells each that one draw jumps over, once', () => {
    const all = [watch('half', percent('50')), watch('fifth', percent('20')), watch('none', amount('0'))]
    expect(told(all, used('95')).crossed).toEqual(['half', 'fifth'])
  })

  it('does not tell again before a refill, and then does', () => {
    const silent = watch('w', amount('20'), { armed: false })
    const low = used('95')
    expect(told([silent], low)).toEqual({ crossed: [], armed: [] })
    expect(told([silent], refilled('10', low.account))).toEqual({ crossed: [], armed: [] })
    expect(told([silent], refilled('50', low.account))).toEqual({ crossed: [], armed: ['w true'] })
  })

  it('is not armed by credits that a hold gives back', () => {
    const silent = watch('w', amount('20'), { armed: false })
    const held = holdCredits(hundred, demand('95'))
    expect(told([silent], releaseParts(held.account, held.parts, NOW, cause))).toEqual({ crossed: [], armed: [] })
  })

  it('that a refill lifts and a draw crosses again in one change tells again', () => {
    const silent = watch('w', amount('20'), { armed: false })
    const more = refilled('50', used('95').account)
    const again = used('50', more.account)
    expect(told([silent], { account: again.account, entries: [...more.entries, ...again.entries] })).toEqual({
      crossed: ['w'],
      armed: ['w false'],
    })
  })

  it('for a top-up counts what is owed against the balance', () => {
    const indebted = openAccount(1, [
      grantOf('a', '100'),
      grantOf('old', '40', { remaining: amountOf('0'), owed: amountOf('40') }),
    ])
    const [alert, topUp] = [watch('alert', amount('20')), watch('top-up', amount('20'), { kind: 'TOP_UP' })]
    expect(told([alert, topUp], used('41', indebted)).crossed).toEqual(['top-up'])
  })

  it('looks at its own credit type only', () => {
    expect(
      told([watch('w', amount('20'), { creditType: CREDITS + 1, armed: false })], refilled('50', hundred)).armed,
    ).toEqual([])
  })
})

describe('a threshold for top-ups', () => {
  const topUp = watch('t', amount('20'), { kind: 'TOP_UP' })
  const alert = watch('a', amount('20'))
  const paidBack: Cause = { type: 'payment', id: 'refunded' }
  const refunded = (credits: string, account = hundred) =>
    revoke(account, account.grants[0] as Grant, amountOf(credits), NOW, paidBack)

  it('is not crossed by money that went back, which alerts tell; the next draw crosses it', () => {
    const low = refunded('90')
    expect(told([topUp, alert], low)).toEqual({ crossed: ['a'], armed: ['a false'] })
    expect(told([topUp], used('1', low.account))).toEqual({ crossed: ['t'], armed: ['t false'] })
  })

  it('is not crossed by what comes back and pays the debt of a refund, but by what is bought for it and is too little', () => {
    const spent = used('60', hundred).account
    const { account } = refunded('100', spent)
    const [owing] = account.grants as [Grant]
    const undone = { amount: amountOf<'credits'>('60'), kind: 'REVERSE', at: NOW, cause } as const
    expect(told([topUp], returnCredits(account, owing, undone)).crossed).toEqual([])
    const bought = refilled('10', account).account
    const causeOf = () => ({ ...paidBack, detail: { settles: 'debt' } })
    expect(told([topUp], settleDebts(bought, 'b', NOW, causeOf)).crossed).toEqual(['t'])
  })

  it('is crossed by the next draw that is refused, too', () => {
    const { account } = refunded('100')
    const { crossed } = moveWatches([topUp], account, [], NOW, true)
    expect(crossed.map(({ id }) => id)).toEqual(['t'])
    expect(moveWatches([topUp], hundred, [], NOW, true).crossed).toEqual([])
  })

  it('is crossed by what an operator takes back, and by what expires', () => {
    const ended = (kind: 'VOID' | 'EXPIRE') => endGrant(hundred, 'a', kind, NOW, { type: 'grant', id: 'a' })
    expect(told([topUp], ended('VOID')).crossed).toEqual(['t'])
    expect(told([topUp], ended('EXPIRE')).crossed).toEqual(['t'])
  })

  it('is not crossed by a purchase that does not lift the balance above it', () => {
    expect(told([topUp], refilled('5', refunded('100').account)).crossed).toEqual([])
  })
})
