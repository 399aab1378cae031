import { describe, expect, it } from 'vitest'
import { availableOf, type Cause, nextVersion, openAccount } from './account.ts'
import { amountOf, formatAmount, type Quantity, type Rate } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { CREDITS, grantOf, METER } from './grant.samples.ts'
import type { Price, Properties } from './price.ts'
import {
  type Access,
  decideAccess,
  type MeterUsage,
  NO_USAGE,
  reverseUsage,
  type Spent,
  spend,
  type UsageRate,
} from './usage.ts'

const NOW = 1_000
const cause: Cause = { type: 'usage_event', id: 'evt-1', detail: { meter: 'tokens' } }
const quantity = (text: string): Quantity => amountOf(text)
const rate = (text: string): Rate => amountOf(text)

const prices = {
  'a credit a unit': null,
  'half a credit a unit': { flat: { amount: rate('0.5') } },
  'a credit per 1,000, up': { package: { amount: rate('1'), units: quantity('1000'), rounding: 'UP' } },
  'a credit per 1,000, down': { package: { amount: rate('1'), units: quantity('1000'), rounding: 'DOWN' } },
  'by model': {
    matrix: {
      rows: [
        { match: { model: 'opus' }, unit: rate('3') },
        { match: { model: 'haiku' }, unit: rate('1') },
      ],
    },
  },
  'half of the cost': { percentage: { percent: rate('50'), property: 'cost', max: rate('4') } },
} satisfies Record<string, Price | null>
type PriceName = keyof typeof prices

const rateOf = (price: PriceName, overage: UsageRate['overage']): UsageRate => ({
  code: 'tokens',
  meter: METER,
  creditType: CREDITS,
  creditCost: prices[price],
  overage,
})
const having = (credits: string) => openAccount(1, [grantOf('pack', credits)])
const counted = (before: string): MeterUsage => ({ ...NO_USAGE, quantity: quantity(before) })
const request = (
  price: PriceName,
  more: string,
  { overage = 'BLOCK', before = '0', properties = {}, at = NOW }: Asked = {},
) => ({ rate: rateOf(price, overage), usage: counted(before), quantity: quantity(more), properties, at })
interface Asked {
  readonly overage?: UsageRate['overage']
  readonly before?: string
  readonly properties?: Properties
  readonly at?: number
}

const answer = (access: Access): string => {
  if (!access.ok) return access.property === undefined ? access.reason : `${access.reason} ${access.property}`
  const { allowed, reason, cost, available } = access.decision
  return `${allowed ? 'yes' : 'no'}, ${reason}: ${formatAmount(cost)} of ${formatAmount(available)}`
}

describe('would it be allowed', () => {
  it.each<[string, PriceName, string, Asked, string]>([
    // has | price                 | quantity | asked                         | answer: cost of available
    ['5', 'a credit a unit', '3', {}, 'yes, COVERED: 3 of 5'],
    ['5', 'a credit a unit', '5', {}, 'yes, COVERED: 5 of 5'],
    ['5', 'a credit a unit', '5.000000001', {}, 'no, INSUFFICIENT_CREDITS: 5.000000001 of 5'],
    ['2', 'a credit a unit', '3', {}, 'no, INSUFFICIENT_CREDITS: 3 of 2'],
    ['0', 'a credit a unit', '1', {}, 'no, INSUFFICIENT_CREDITS: 1 of 0'],
    ['0', 'a credit a unit', '0', {}, 'yes, COVERED: 0 of 0'],
    ['2', 'a credit a unit', '3', { overage: 'CHARGE' }, 'yes, OVERAGE: 3 of 2'],
    ['3', 'a credit a unit', '3', { overage: 'CHARGE' }, 'yes, COVERED: 3 of 3'],
    ['0', 'a credit per 1,000, up', '999', { before: '1' }, 'yes, COVERED: 0 of 0'],
    ['0', 'a credit per 1,000, up', '1', { before: '1000' }, 'no, INSUFFICIENT_CREDITS: 1 of 0'],
    ['5', 'by model', '1', { properties: { model: 'opus' } }, 'yes, COVERED: 3 of 5'],
    ['5', 'by model', '2', { properties: { model: 'opus' } }, 'no, INSUFFICIENT_CREDITS: 6 of 5'],
    ['5', 'by model', '1', { properties: { model: 'other' } }, 'NO_MATCH'],
    ['5', 'half of the cost', '1', { properties: { cost: '3' } }, 'yes, COVERED: 1.5 of 5'],
    ['5', 'half of the cost', '1', {}, 'PROPERTY_MISSING cost'],
  ])('with %s credits, %s: %s, %j', (has, price, more, asked, expected) => {
    expect(answer(decideAccess(having(has), request(price, more, asked)))).toBe(expected)
  })

  it.each<[string, PriceName, string, string]>([
    // has | price            | quantity | answer while the properties are unknown
    ['5', 'by model', '1', 'yes, COVERED: 3 of 5'],
    ['2', 'by model', '1', 'no, INSUFFICIENT_CREDITS: 3 of 2'],
    ['5', 'half of the cost', '1', 'yes, COVERED: 4 of 5'],
    ['5', 'a credit a unit', '1', 'yes, COVERED: 1 of 5'],
    ['5', 'half a credit a unit', '1', 'yes, COVERED: 0.5 of 5'],
  ])('at its dearest, with %s credits, %s: %s is %s', (has, price, more, expected) => {
    expect(answer(decideAccess(having(has), request(price, more), true))).toBe(expected)
  })

  it('S15 a grant counts until its expiry, and not at it', () => {
    const account = openAccount(1, [grantOf('a', '5', { expiresAt: 2_000 })])
    const at = (instant: number) => answer(decideAccess(account, request('a credit a unit', '1', { at: instant })))
    expect(at(1_999)).toBe('yes, COVERED: 1 of 5')
    expect(at(2_000)).toBe('no, INSUFFICIENT_CREDITS: 1 of 0')
  })

  it('a grant that names other meters does not count', () => {
    const account = openAccount(1, [grantOf('images', '5', { appliesTo: [METER + 1] }), grantOf('any', '2')])
    expect(answer(decideAccess(account, request('a credit a unit', '3')))).toBe('no, INSUFFICIENT_CREDITS: 3 of 2')
  })
})

const paid = ({ cost, drawn, overage, uncovered, account }: Spent) =>
  [cost, drawn, overage, uncovered, availableOf(account, CREDITS)].map(formatAmount)
const spent = (has: string, asked: ReturnType<typeof request>): Spent => {
  const result = spend(nextVersion(having(has)), asked, cause)
  return result.ok ? result : expect.fail(result.reason)
}

describe('what is spent', () => {
  it.each<[string, PriceName, string, Asked, string[]]>([
    // has | price | quantity | asked | cost, drawn, overage, uncovered, left
    ['5', 'a credit a unit', '3', {}, ['3', '3', '0', '0', '2']],
    ['5', 'a credit a unit', '8', {}, ['8', '5', '0', '3', '0']],
    ['5', 'a credit a unit', '8', { overage: 'CHARGE' }, ['8', '5', '3', '0', '0']],
    ['0', 'a credit a unit', '8', { overage: 'CHARGE' }, ['8', '0', '8', '0', '0']],
    ['5', 'a credit a unit', '5', { overage: 'CHARGE' }, ['5', '5', '0', '0', '0']],
    ['5', 'half a credit a unit', '3', {}, ['1.5', '1.5', '0', '0', '3.5']],
    ['5', 'by model', '2', { properties: { model: 'haiku' } }, ['2', '2', '0', '0', '3']],
    ['5', 'half of the cost', '1', { properties: { cost: '100' } }, ['4', '4', '0', '0', '1']],
    ['5', 'a credit per 1,000, up', '1', {}, ['1', '1', '0', '0', '4']],
    ['5', 'a credit per 1,000, up', '999', { before: '1' }, ['0', '0', '0', '0', '5']],
    ['5', 'a credit per 1,000, up', '1', { before: '1000' }, ['1', '1', '0', '0', '4']],
    ['5', 'a credit per 1,000, down', '999', {}, ['0', '0', '0', '0', '5']],
    ['5', 'a credit per 1,000, down', '1', { before: '999' }, ['1', '1', '0', '0', '4']],
    ['5', 'a credit per 1,000, up', '2500', { before: '500' }, ['2', '2', '0', '0', '3']],
    // B20: nothing costs nothing, and dust is spent to the last digit
    ['5', 'a credit a unit', '0', {}, ['0', '0', '0', '0', '5']],
    ['5', 'a credit a unit', '0.000000001', {}, ['0.000000001', '0.000000001', '0', '0', '4.999999999']],
    ['0.4', 'half a credit a unit', '1', {}, ['0.5', '0.4', '0', '0.1', '0']],
  ])('with %s credits, %s: %s, %j', (has, price, more, asked, expected) => {
    expect(paid(spent(has, request(price, more, asked)))).toEqual(expected)
  })

  it.each<[PriceName, Properties, string]>([
    // price              | properties           | why it has no price
    ['by model', { model: 'other' }, 'NO_MATCH'],
    ['half of the cost', {}, 'PROPERTY_MISSING'],
    ['half of the cost', { cost: '-1' }, 'PROPERTY_MISSING'],
  ])('is nothing where %s says nothing of %j', (price, properties, reason) => {
    expect(spend(having('5'), request(price, '1', { properties }), cause)).toMatchObject({ ok: false, reason })
  })

  it('adds to what the meter counted', () => {
    const before: MeterUsage = {
      quantity: amountOf('10'),
      credits: amountOf('7'),
      overage: amountOf('2'),
      uncovered: amountOf('1'),
    }
    const asked = { ...request('a credit a unit', '8', { overage: 'CHARGE' }), usage: before }
    const { usage } = spent('5', asked)
    expect(Object.values(usage).map(formatAmount)).toEqual(['18', '12', '5', '1'])
  })
})

describe('the entries of usage', () => {
  it.each<[UsageRate['overage'], string, string[]]>([
    // mode   | quantity | entries: kind, change, balance, credits that no grant paid
    ['BLOCK', '3', ['DRAW -3 = 2']],
    ['BLOCK', '5', ['DRAW -5 = 0']],
    ['BLOCK', '8', ['DRAW -5 = 0', 'UNCOVERED 0 = 0, 3 short']],
    ['CHARGE', '8', ['DRAW -5 = 0', 'OVERAGE 0 = 0, 3 short']],
    ['CHARGE', '5', ['DRAW -5 = 0']],
    ['CHARGE', '0', []],
  ])('%s: %s of 5', (overage, more, expected) => {
    const { entries } = spent('5', request('a credit a unit', more, { overage }))
    const told = entries.map(({ kind, amount, availableAfter, cause }) => {
      const short = cause.detail?.credits
      return `${kind} ${formatAmount(amount)} = ${formatAmount(availableAfter)}${short ? `, ${short} short` : ''}`
    })
    expect(told).toEqual(expected)
  })

  it('carry the event as their cause, one version and the instant', () => {
    const { entries, account } = spent('5', request('a credit a unit', '8'))
    expect(account.version).toBe(2)
    expect(entries).toMatchObject([
      { version: 2, effectiveAt: NOW, grantId: 'pack', cause: { type: 'usage_event', id: 'evt-1' } },
      {
        version: 2,
        effectiveAt: NOW,
        grantId: null,
        cause: { id: 'evt-1', detail: { meter: 'tokens', credits: '3' } },
      },
    ])
  })
})

describe('usage that is undone', () => {
  const undone = (overage: UsageRate['overage'], more: string, ended: Grant['ended'] = null) => {
    const { account, entries } = spent('5', request('a credit a unit', more, { overage }))
    const grants = account.grants.map((grant) => ({ ...grant, ended }))
    return reverseUsage({ ...account, grants }, entries, new Map(grants.map((grant) => [grant.id, grant])), NOW)
  }

  it.each<[UsageRate['overage'], string, Grant['ended'], string[]]>([
    // mode | quantity | the grant was ended by | entries: kind, change, balance, what they undo
    ['BLOCK', '3', null, ['REVERSE 3 = 5, DRAW']],
    ['BLOCK', '8', null, ['REVERSE 5 = 5, DRAW', 'REVERSE 0 = 5, UNCOVERED of 3']],
    ['CHARGE', '8', null, ['REVERSE 5 = 5, DRAW', 'REVERSE 0 = 5, OVERAGE of 3']],
    ['CHARGE', '8', 'VOID', ['REVERSE 5 = 5, DRAW', 'VOID -5 = 0, DRAW', 'REVERSE 0 = 0, OVERAGE of 3']],
    ['CHARGE', '0', null, []],
  ])('%s: %s of 5, the grant ended by %s', (overage, more, ended, expected) => {
    const { account, entries } = undone(overage, more, ended)
    const told = entries.map(({ kind, amount, availableAfter, cause: { detail } }) => {
      const credits = detail?.credits ? ` of ${detail.credits}` : ''
      return `${kind} ${formatAmount(amount)} = ${formatAmount(availableAfter)}, ${detail?.reverses}${credits}`
    })
    expect(told).toEqual(expected)
    expect(account.version).toBe(3)
    expect(entries.filter(({ version, effectiveAt }) => version !== 3 || effectiveAt !== NOW)).toEqual([])
  })

  it('names the event, and what was said of it', () => {
    const [entry] = undone('BLOCK', '3').entries
    expect(entry?.cause).toEqual({ ...cause, detail: { meter: 'tokens', reverses: 'DRAW' } })
  })

  it('needs every grant that it was drawn from', () => {
    const { account, entries } = spent('5', request('a credit a unit', '3'))
    expect(() => reverseUsage(account, entries, new Map(), NOW)).toThrow('grant pack was drawn from and is not there')
  })
})
