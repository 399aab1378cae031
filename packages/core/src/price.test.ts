import { describe, expect, it } from 'vitest'
import { add, amountOf, type Credits, formatAmount, type Quantity, type Rate, ZERO } from './decimal.ts'
import {
  type CumulativePrice,
  costOfEvent,
  costOfRange,
  dearestCost,
  type EventPrice,
  isPerEvent,
  type Price,
  type PricedEvent,
  type Tier,
} from './price.ts'

const quantity = (text: string): Quantity => amountOf(text)
const rate = (text: string): Rate => amountOf(text)
const eventCost = (price: Price, event: PricedEvent): string => {
  const result = costOfEvent<'credits'>(price, event)
  return result.ok ? formatAmount(result.cost) : result.reason
}
const cost = (price: CumulativePrice, from: string, to: string): string =>
  formatAmount(costOfRange<'credits'>(price, quantity(from), quantity(to)))

const tiers: readonly Tier[] = [
  { upTo: quantity('100'), unit: rate('0.10'), flat: rate('5') },
  { upTo: quantity('10000'), unit: rate('0.05') },
  { unit: rate('0.01'), flat: rate('20') },
]
const prices = {
  flat: { flat: { amount: rate('0.9') } },
  'package up': { package: { amount: rate('1'), units: quantity('1000'), rounding: 'UP' } },
  'package down': { package: { amount: rate('2.5'), units: quantity('1000'), rounding: 'DOWN' } },
  graduated: { graduated: { tiers } },
  volume: { volume: { tiers } },
} satisfies Record<string, CumulativePrice>

describe('the cost of a period’s quantity', () => {
  it.each([
    // price         | quantity | cost
    ['flat', '0', '0'],
    ['flat', '8', '7.2'],
    ['flat', '0.5', '0.45'],
    ['flat', '-3', '0'],
    ['package up', '0', '0'],
    ['package up', '0.001', '1'],
    ['package up', '1000', '1'],
    ['package up', '1001', '2'],
    ['package down', '999.999', '0'],
    ['package down', '1000', '2.5'],
    ['package down', '2999', '5'],
    ['graduated', '0', '0'],
    ['graduated', '1', '5.1'],
    ['graduated', '100', '15'],
    ['graduated', '101', '15.05'],
    ['graduated', '10000', '510'],
    ['graduated', '10000.000000001', '530.00000000001'],
    ['graduated', '10001', '530.01'],
    ['volume', '0', '0'],
    ['volume', '100', '15'],
    ['volume', '101', '5.05'],
    ['volume', '10000', '500'],
    ['volume', '10001', '120.01'],
  ] as const)('%s: %s cost %s', (name, upTo, expected) => {
    expect(cost(prices[name], '0', upTo)).toBe(expected)
  })
})

describe('the cost of an event is the difference that it makes', () => {
  it.each([
    // price         | before  | quantity | cost
    ['flat', '100', '3', '2.7'],
    ['package up', '0', '1', '1'],
    ['package up', '1', '999', '0'],
    ['package up', '1000', '1', '1'],
    ['package up', '500', '2000', '2'],
    ['package down', '999', '1', '2.5'],
    ['graduated', '99', '2', '0.15'],
    ['graduated', '9999', '2', '20.06'],
    ['graduated', '50', '0', '0'],
    ['volume', '100', '1', '-9.95'],
  ] as const)('%s: after %s, %s more cost %s', (name, before, more, expected) => {
    const event = { before: quantity(before), quantity: quantity(more), properties: {} }
    expect(eventCost(prices[name], event)).toBe(expected)
    expect(cost(prices[name], before, formatAmount(event.before + event.quantity))).toBe(expected)
  })

  it('M07 1,000,000 calls of one token at 3.00 a million cost 3.00', () => {
    const perToken: Price = { flat: { amount: rate('0.000003') } }
    const token = quantity('1')
    let before: Quantity = ZERO
    let spent: Credits = ZERO
    for (let call = 0; call < 1_000_000; call += 1) {
      const result = costOfEvent<'credits'>(perToken, { before, quantity: token, properties: {} })
      if (!result.ok) throw new Error(result.reason)
      spent = add(spent, result.cost)
      before = add(before, token)
    }
    expect(formatAmount(spent)).toBe('3')
  })
})

describe('percentage', () => {
  const markup: Price = { percentage: { percent: rate('120'), property: 'cost' } }
  const fee: Price = { percentage: { percent: rate('2.9'), property: 'paid', min: rate('0.3'), max: rate('5') } }
  const ofQuantity: Price = { percentage: { percent: rate('20'), max: rate('3') } }

  it.each([
    // price        | quantity | properties          | cost
    [markup, '1', { cost: '0.0125' }, '0.015'],
    [markup, '7', { cost: 2 }, '2.4'],
    [markup, '1', { cost: '0' }, '0'],
    [fee, '1', { paid: '1' }, '0.3'],
    [fee, '1', { paid: '100' }, '2.9'],
    [fee, '1', { paid: '1000' }, '5'],
    [fee, '0', { paid: '1000' }, '0'],
    [ofQuantity, '10', {}, '2'],
    [ofQuantity, '100', {}, '3'],
  ])('%o × %s with %o cost %s', (price, events, properties, expected) => {
    expect(eventCost(price, { before: quantity('50'), quantity: quantity(events), properties })).toBe(expected)
  })

  it.each([
    ['absent', {}],
    ['null', { cost: null }],
    ['a word', { cost: 'much' }],
    ['a float', { cost: 0.1 }],
    ['negative', { cost: '-1' }],
  ])('names the property that is %s', (_, properties) => {
    const result = costOfEvent(markup, { before: ZERO, quantity: quantity('1'), properties })
    expect(result).toEqual({ ok: false, reason: 'PROPERTY_MISSING', property: 'cost' })
  })

  it('does not take what every object inherits for a property', () => {
    const odd: Price = { percentage: { percent: rate('1'), property: 'constructor' } }
    const result = costOfEvent(odd, { before: ZERO, quantity: quantity('1'), properties: {} })
    expect(result).toEqual({ ok: false, reason: 'PROPERTY_MISSING', property: 'constructor' })
  })
})

describe('matrix', () => {
  const rows = [
    { match: { model: 'opus', cached: true }, unit: rate('0.5') },
    { match: { model: 'opus' }, unit: rate('5') },
    { match: { size: 1024 }, unit: rate('3') },
    { match: { size: '1024' }, unit: rate('4') },
  ]
  const closed: Price = { matrix: { rows } }
  const open: Price = { matrix: { rows, otherwise: rate('1') } }

  it.each([
    // properties                           | quantity | cost
    [{ model: 'opus', cached: true }, '2', '1'],
    [{ model: 'opus', cached: false }, '2', '10'],
    [{ model: 'opus', cached: 'true' }, '2', '10'],
    [{ model: 'opus', size: 1024 }, '1', '5'],
    [{ size: 1024.0 }, '1', '3'],
    [{ size: '1024' }, '1', '4'],
    [{ model: 'haiku' }, '3', '3'],
    [{}, '3', '3'],
    [{ model: 'opus' }, '0', '0'],
  ])('%o × %s cost %s', (properties, events, expected) => {
    expect(eventCost(open, { before: quantity('50'), quantity: quantity(events), properties })).toBe(expected)
  })

  it('refuses an event that matches no row', () => {
    const event = { before: ZERO, quantity: quantity('1'), properties: { model: 'haiku' } }
    expect(costOfEvent(closed, event)).toEqual({ ok: false, reason: 'NO_MATCH' })
  })
})

describe('the dearest cost', () => {
  const row = { match: { model: 'opus' }, unit: rate('5') }
  it.each<[string, EventPrice, string, string]>([
    // price                       |  | quantity | cost
    ['the dearest row', { matrix: { rows: [{ ...row, unit: rate('2') }, row], otherwise: rate('1') } }, '2', '10'],
    ['otherwise', { matrix: { rows: [row], otherwise: rate('7') } }, '1', '7'],
    ['the ceiling', { percentage: { percent: rate('1'), property: 'cost', min: rate('1'), max: rate('9') } }, '1', '9'],
    ['the floor', { percentage: { percent: rate('1'), property: 'cost', min: rate('1') } }, '1', '1'],
    ['no bound', { percentage: { percent: rate('1'), property: 'cost' } }, '1', '0'],
    ['a share of the quantity', { percentage: { percent: rate('50') } }, '4', '2'],
    ['nothing', { matrix: { rows: [row] } }, '0', '0'],
  ])('%s', (_, price, events, expected) => {
    expect(formatAmount(dearestCost(price, quantity(events)))).toBe(expected)
  })
})

it('tells prices of single events from prices of a period', () => {
  expect(Object.values(prices).filter(isPerEvent)).toEqual([])
  expect(isPerEvent({ percentage: { percent: rate('1') } })).toBe(true)
  expect(isPerEvent({ matrix: { rows: [] } })).toBe(true)
})
