import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, amountOf, formatAmount, larger, type Quantity, sum, ZERO } from './decimal.ts'
import { anyAmount } from './grant.samples.ts'
import { type Aggregation, feeds, type Measured, type Meter, measure, measureQuantity, uniqueValueOf } from './meter.ts'

const meter = (aggregation: Aggregation, differs: Partial<Meter> = {}): Meter => ({
  eventName: 'tokens.used',
  aggregation,
  property: aggregation === 'COUNT' ? null : 'tokens',
  filters: {},
  ...differs,
})
const shown = (measured: Measured): string =>
  measured.ok ? formatAmount(measured.quantity) : `${measured.field}: ${measured.message}`

describe('an event feeds a meter', () => {
  it.each<[string, Meter['filters'], string, Record<string, unknown>, boolean]>([
    // story               | filters                    | event        | properties                 | feeds
    ['of its name', {}, 'tokens.used', {}, true],
    ['of no other name', {}, 'tokens.Used', {}, false],
    ['with the value', { model: 'opus' }, 'tokens.used', { model: 'opus', tokens: 3 }, true],
    ['with another value', { model: 'opus' }, 'tokens.used', { model: 'haiku' }, false],
    ['without the property', { model: 'opus' }, 'tokens.used', {}, false],
    ['with one of the values', { model: ['opus', 'sonnet'] }, 'tokens.used', { model: 'sonnet' }, true],
    ['with none of the values', { model: ['opus', 'sonnet'] }, 'tokens.used', { model: 'haiku' }, false],
    ['without the property, for one of the values', { model: ['opus'] }, 'tokens.used', {}, false],
    ['all filters match', { model: 'opus', cached: false }, 'tokens.used', { model: 'opus', cached: false }, true],
    ['one filter does not', { model: 'opus', cached: false }, 'tokens.used', { model: 'opus', cached: true }, false],
    ['a number', { size: 1 }, 'tokens.used', { size: 1 }, true],
    ['a number is no string', { size: 1 }, 'tokens.used', { size: '1' }, false],
    ['false is not nothing', { cached: false }, 'tokens.used', {}, false],
    ['the name matters, filters or not', { model: 'opus' }, 'images.made', { model: 'opus' }, false],
  ])('%s', (_, filters, eventName, properties, expected) => {
    expect(feeds(meter('SUM', { filters }), eventName, properties)).toBe(expected)
  })
})

describe('what an event adds to the period', () => {
  it.each<[Aggregation, unknown, string, string]>([
    // meter | value     | counted before | adds
    ['COUNT', undefined, '0', '1'],
    ['COUNT', '250', '7', '1'],
    ['COUNT', 'no number', '7', '1'],
    ['SUM', '250', '0', '250'],
    ['SUM', 250, '1000', '250'],
    ['SUM', '0', '1000', '0'],
    ['SUM', '0.000000001', '1000', '0.000000001'],
    ['MAX', '10', '0', '10'],
    ['MAX', '12', '10', '2'],
    ['MAX', '10', '10', '0'],
    ['MAX', '3', '10', '0'],
    ['LATEST', '10', '0', '10'],
    ['LATEST', '12.5', '10', '2.5'],
    ['LATEST', '3', '10', '0'],
    ['LATEST', '-3', '10', '0'],
    ['LATEST', '-3', '0', '0'],
  ])('%s of %o after %s adds %s', (aggregation, value, before, adds) => {
    expect(shown(measure(meter(aggregation), value, amountOf(before)))).toBe(adds)
  })

  it.each<[string, Aggregation, unknown, string]>([
    // story                | meter | value | refused
    ['no value', 'SUM', undefined, 'tokens: this meter measures "tokens": send it as `value` or in `properties`'],
    ['null', 'MAX', null, 'tokens: this meter measures "tokens": send it as `value` or in `properties`'],
    ['a word', 'SUM', 'many', 'tokens: "tokens" is not a decimal: send a string such as "12.5", at most 9 decimals'],
    ['a float', 'SUM', 0.1, 'tokens: "tokens" is not a decimal: send a string such as "12.5", at most 9 decimals'],
    ['a word', 'LATEST', 'x', 'tokens: "tokens" is not a decimal: send a string such as "12.5", at most 9 decimals'],
    ['B20 a negative sum', 'SUM', '-1', 'tokens: "tokens" must not be negative'],
    ['B20 negative dust', 'SUM', '-0.000000001', 'tokens: "tokens" must not be negative'],
    ['B20 a negative peak', 'MAX', -1, 'tokens: "tokens" must not be negative'],
    [
      'B20 dust finer than a decimal holds',
      'SUM',
      '0.0000000001',
      'tokens: "tokens" is not a decimal: send a string such as "12.5", at most 9 decimals',
    ],
  ])('%s is refused by %s, with the field: %o', (_, aggregation, value, refused) => {
    expect(shown(measure(meter(aggregation), value, ZERO))).toBe(refused)
  })

  it.each<[string, unknown, string]>([
    // story              | value    | remembered as
    ['a string', 'user_42', 'user_42'],
    ['a number', 42, '42'],
    ['the same as a string', '42', '42'],
    ['zero', 0, '0'],
    ['minus zero', -0, '0'],
    ['other case is another value', 'User_42', 'User_42'],
  ])('UNIQUE: %s, %o, is remembered as %s; new it adds one, seen it adds nothing', (_, value, remembered) => {
    const users = meter('UNIQUE', { property: 'user' })
    expect(uniqueValueOf(users, value)).toEqual({ ok: true, value: remembered })
    expect(shown(measure(users, value, amountOf('7'), true))).toBe('1')
    expect(shown(measure(users, value, amountOf('7'), false))).toBe('0')
  })

  it.each<[unknown, string]>([
    [undefined, 'user: this meter measures "user": send it as `value` or in `properties`'],
    [null, 'user: this meter measures "user": send it as `value` or in `properties`'],
    ['', 'user: "user" must be a string, not empty, or a whole number below 2^53'],
    [0.5, 'user: "user" must be a string, not empty, or a whole number below 2^53'],
    [2 ** 53, 'user: "user" must be a string, not empty, or a whole number below 2^53'],
    [true, 'user: "user" must be a string, not empty, or a whole number below 2^53'],
    [{ id: 42 }, 'user: "user" must be a string, not empty, or a whole number below 2^53'],
  ])('UNIQUE refuses %o, new or not', (value, refused) => {
    const users = meter('UNIQUE', { property: 'user' })
    expect(shown(measure(users, value, ZERO, true))).toBe(refused)
    expect(shown(measure(users, value, ZERO, false))).toBe(refused)
  })

  it('names `value` where the meter names no property', () => {
    expect(shown(measure(meter('SUM', { property: null }), undefined, ZERO))).toBe(
      'value: this meter measures "value": send it as `value` or in `properties`',
    )
  })

  it.each<[Aggregation, string, string, string]>([
    // meter | quantity | counted before | adds
    ['COUNT', '3', '7', '3'],
    ['SUM', '3', '7', '3'],
    ['MAX', '9', '7', '2'],
    ['LATEST', '3', '7', '0'],
    ['COUNT', '-1', '7', 'quantity: "quantity" must not be negative'],
    ['SUM', '-1', '7', 'quantity: "quantity" must not be negative'],
    ['UNIQUE', '-1', '7', 'quantity: "quantity" must not be negative'],
    ['LATEST', '-1', '7', '0'],
  ])('%s: `consume` of %s after %s adds %s', (aggregation, quantity, before, adds) => {
    expect(shown(measureQuantity(aggregation, amountOf(quantity), amountOf(before), 'quantity'))).toBe(adds)
  })
})

describe('over a period', () => {
  const values = fc.array(anyAmount<'quantity'>())
  const counted = (aggregation: Aggregation, sent: readonly Quantity[]): Quantity =>
    sent.reduce<Quantity>((before, value) => {
      const measured = measure(meter(aggregation), formatAmount(value), before)
      return add(before, measured.ok ? measured.quantity : expect.fail(measured.message))
    }, ZERO)

  it('COUNT is the number of events, SUM is their sum', () => {
    fc.assert(
      fc.property(values, (sent) => {
        expect(counted('COUNT', sent)).toBe(amountOf(sent.length))
        expect(counted('SUM', sent)).toBe(sum(sent))
      }),
    )
  })

  it('MAX and LATEST are the highest value: one that falls gives nothing back', () => {
    fc.assert(
      fc.property(values, (sent) => {
        const highest = sent.reduce<Quantity>(larger, ZERO)
        expect(counted('MAX', sent)).toBe(highest)
        expect(counted('LATEST', sent)).toBe(highest)
      }),
    )
  })

  it('no event ever takes from the quantity', () => {
    const anyMeter = fc.constantFrom<Aggregation[]>('COUNT', 'SUM', 'MAX', 'LATEST').map((kind) => meter(kind))
    const value = fc.oneof(fc.integer(), fc.string(), fc.constantFrom('-1', '-0.5', null, undefined))
    fc.assert(
      fc.property(anyMeter, value, anyAmount<'quantity'>(), (any, sent, before) => {
        const measured = measure(any, sent, before)
        expect(measured.ok ? measured.quantity >= 0n : measured.message.length > 0).toBe(true)
      }),
    )
  })
})
