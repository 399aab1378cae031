import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openAccount } from './account.ts'
import { amountOf, type Credits } from './decimal.ts'
import { CREDITS, grantOf } from './grant.samples.ts'
import {
  afterDecline,
  bundlesToLift,
  type Declines,
  decideTopUp,
  isDisputed,
  localMonth,
  planRunaway,
  type TopUpSituation,
  type TopUpTerms,
  topUpValue,
} from './top-up.ts'

const credits = (text: string) => amountOf<'credits'>(text)

const NOON = Date.parse('2027-03-10T12:00:00Z')
const APRIL = Date.parse('2027-04-01T00:00:00Z')
const HOUR = 3_600_000

const TERMS: TopUpTerms = {
  threshold: credits('10'),
  credits: credits('50'),
  maxPerMonth: null,
  maxSpendPerMonth: null,
}

const SITUATION: TopUpSituation = {
  enabled: true,
  now: NOON,
  value: credits('10'),
  card: 'pm_1',
  disputed: false,
  declines: null,
  mostAtOnce: 99_999_999n,
  month: { charges: 0, spent: 0n, end: APRIL },
}

/** Five a bundle. */
const COST = (quantity: number) => 500n * BigInt(quantity)

const decide = (situation: Partial<TopUpSituation>, terms: Partial<TopUpTerms> = {}, cost = COST) =>
  decideTopUp({ ...TERMS, ...terms }, { ...SITUATION, ...situation }, cost)

describe('how many bundles of 50 lift a balance above 10', () => {
  it.each([
    // balance | bundles
    ['10.000000001', 0],
    ['10', 1],
    ['0', 1],
    ['-39.999999999', 1],
    ['-40', 2], // one would end at the threshold, which is not above it
    ['-240', 6], // P23
    ['-1000000', 1_000], // the rest is the next charge's
  ])('%s: %i', (value, expected) => {
    expect(bundlesToLift(TERMS, credits(value))).toBe(expected)
  })

  it('always above, and never a bundle more than that needs', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 12n })
    fc.assert(
      fc.property(amount, amount, fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), (threshold, size, value) => {
        const count = BigInt(bundlesToLift({ threshold, credits: size } as never, value as Credits))
        if (count === 1_000n) return
        expect(value + count * size > threshold).toBe(true)
        expect(count === 0n || value + (count - 1n) * size <= threshold).toBe(true)
      }),
    )
  })
})

describe('what is done about a balance at the threshold', () => {
  const refused = (count: number, agoMs: number, card = 'pm_1'): Declines => ({
    card,
    count,
    firstAt: NOON - agoMs,
    lastAt: NOON - agoMs,
  })

  it.each<[string, Partial<TopUpSituation>, Partial<TopUpTerms>, object]>([
    ['all is well', {}, {}, { kind: 'BUY', quantity: 1 }],
    ['switched off', { enabled: false }, {}, { kind: 'NOTHING' }],
    ['above it', { value: credits('11') }, {}, { kind: 'READY' }],
    ['no card', { card: null }, {}, { kind: 'NEEDS_CUSTOMER', why: 'no_card' }],
    ['no card, and above it', { card: null, value: credits('11') }, {}, { kind: 'NEEDS_CUSTOMER', why: 'no_card' }],
    ['a payment is in dispute', { disputed: true }, {}, { kind: 'NEEDS_CUSTOMER', why: 'disputed' }],
    ['a payment is in dispute, and above it', { disputed: true, value: credits('11') }, {}, { kind: 'READY' }],
    ['refused a minute ago', { declines: refused(1, 60_000) }, {}, { kind: 'WAIT', until: NOON - 60_000 + HOUR }],
    ['refused an hour ago', { declines: refused(1, HOUR) }, {}, { kind: 'BUY', quantity: 1 }],
    ['refused a minute ago, another card', { declines: refused(1, 60_000, 'pm_0') }, {}, { kind: 'BUY', quantity: 1 }],
    ['refused three times', { declines: refused(3, HOUR) }, {}, { kind: 'NEEDS_CUSTOMER', why: 'declined' }],
    ['refused three times, a day ago', { declines: refused(3, 24 * HOUR) }, {}, { kind: 'BUY', quantity: 1 }],
    [
      'one charge left',
      { month: { charges: 1, spent: 0n, end: APRIL } },
      { maxPerMonth: 2 },
      { kind: 'BUY', quantity: 1 },
    ],
    [
      'no charge left',
      { month: { charges: 2, spent: 0n, end: APRIL } },
      { maxPerMonth: 2 },
      { kind: 'LIMIT_REACHED', until: APRIL },
    ],
    [
      'money for exactly one',
      { month: { charges: 9, spent: 1_500n, end: APRIL } },
      { maxSpendPerMonth: 2_000n },
      { kind: 'BUY', quantity: 1 },
    ],
    [
      'a cent short',
      { month: { charges: 9, spent: 1_501n, end: APRIL } },
      { maxSpendPerMonth: 2_000n },
      { kind: 'LIMIT_REACHED', until: APRIL },
    ],
    [
      'six are needed, money for four',
      { value: credits('-240') },
      { maxSpendPerMonth: 2_499n },
      { kind: 'BUY', quantity: 4 },
    ],
    [
      'six are needed, a card takes two at once',
      { value: credits('-240'), mostAtOnce: 1_400n },
      {},
      { kind: 'BUY', quantity: 2 },
    ],
  ])('%s', (_, situation, terms, expected) => {
    expect(decide(situation, terms)).toEqual(expected)
  })

  it('never spends more than the month allows, and buys what fits, whatever rounding does to the price', () => {
    const price = fc.integer({ min: 1, max: 500 })
    fc.assert(
      fc.property(price, fc.nat(5_000), fc.nat(5_000), fc.integer({ min: 1, max: 40 }), (each, spent, max, wanted) => {
        // A tax of 19 %, rounded once for the line.
        const cost = (quantity: number) => (BigInt(each * quantity) * 119n + 50n) / 100n
        const value = credits(String(10 - 50 * (wanted - 1)))
        const month = { charges: 0, spent: BigInt(spent), end: APRIL }
        const decision = decide({ value, month }, { maxSpendPerMonth: BigInt(max) }, cost)
        const fits = (quantity: number) => BigInt(spent) + cost(quantity) <= BigInt(max)
        const bought = decision.kind === 'BUY' ? decision.quantity : 0
        expect(bought === 0 || fits(bought)).toBe(true)
        expect(bought === wanted || !fits(bought + 1)).toBe(true)
      }),
    )
  })
})

describe('after a charge that failed', () => {
  const at = (hours: number) => NOON + hours * HOUR
  const fail = (known: Declines | null, hours: number, card = 'pm_1', needsCustomer = false) =>
    afterDecline(known, { card, at: at(hours), needsCustomer })

  it('P25 tries again after an hour, three times a day, and then not without the customer', () => {
    const first = fail(null, 0)
    expect(first.retryAt).toBe(at(1))
    const second = fail(first.declines, 1)
    expect(second.retryAt).toBe(at(2))
    const third = fail(second.declines, 2)
    expect(third).toEqual({ declines: { card: 'pm_1', count: 3, firstAt: at(0), lastAt: at(2) }, retryAt: null })
    expect(decide({ now: at(3), declines: third.declines })).toEqual({ kind: 'NEEDS_CUSTOMER', why: 'declined' })
  })

  it('begins a new day a day after the first', () => {
    const { declines } = fail(fail(null, 0).declines, 1)
    expect(fail(declines, 23).retryAt).toBeNull()
    expect(fail(declines, 24)).toMatchObject({ declines: { count: 1, firstAt: at(24) }, retryAt: at(25) })
  })

  it('begins anew with another card', () => {
    const { declines } = fail(fail(null, 0).declines, 1)
    expect(fail(declines, 2, 'pm_2')).toMatchObject({ declines: { count: 1, firstAt: at(2) }, retryAt: at(3) })
  })

  it('P18 asks a bank that wants the customer no second time', () => {
    const { declines, retryAt } = fail(null, 0, 'pm_1', true)
    expect(retryAt).toBeNull()
    expect(decide({ now: at(5), declines })).toEqual({ kind: 'NEEDS_CUSTOMER', why: 'declined' })
  })
})

describe('a runaway', () => {
  it.each<[string, number, number | null, object]>([
    ['two top-ups are none', 2, null, { tell: false, until: null }],
    ['P27 the third within ten minutes is told', 3, null, { tell: true, until: NOON + 600_000 }],
    ['one that goes on is not told again', 4, NOON + 1, { tell: false, until: NOON + 600_000 }],
    ['the next one is', 3, NOON, { tell: true, until: NOON + 600_000 }],
  ])('%s', (_, recent, until, expected) => {
    expect(planRunaway(recent, until, NOON)).toEqual(expected)
  })
})

it('counts a month from midnight to midnight where the customer lives', () => {
  const { start, end } = localMonth(Date.parse('2027-03-31T22:30:00Z'), 'Europe/Paris')
  expect([start, end].map((instant) => new Date(instant).toISOString())).toEqual([
    '2027-03-31T22:00:00.000Z',
    '2027-04-30T22:00:00.000Z',
  ])
})

it('sees what can be spent less what is owed, and disputes, of its own credit type', () => {
  const account = openAccount(1, [
    grantOf('a', '100', { remaining: credits('40') }),
    grantOf('b', '300', { remaining: credits('0'), owed: credits('240') }),
    grantOf('c', '5', { creditType: CREDITS + 1, owed: credits('5'), frozen: credits('0') }),
  ])
  expect(topUpValue(account, CREDITS)).toBe(credits('-200'))
  expect([CREDITS, CREDITS + 1].map((type) => isDisputed(account, type))).toEqual([false, true])
})
