/** What must hold for every price, tried on random ones. A failure prints its seed and the smallest case. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Quantity, type Rate, scaled, sum, ZERO } from './decimal.ts'
import { type CumulativePrice, costOfEvent, costOfRange, isPerEvent, type Price, type Tier } from './price.ts'
import { parsePrice, serializePrice } from './price-json.ts'

const NANO = scaled(1n) / 10n ** 9n
const upToBillions = fc.bigInt({ min: 0n, max: 10n ** 18n })
const quantity = upToBillions.map((nanos) => (nanos * NANO) as Quantity)
const positive = upToBillions.map((nanos) => ((nanos + 1n) * NANO) as Quantity)
const rate = upToBillions.map((nanos) => (nanos * NANO) as Rate)

const flat = fc.record({ amount: rate }).map((price): CumulativePrice => ({ flat: price }))
const packages = fc
  .record({ amount: rate, units: positive, rounding: fc.constantFrom('UP', 'DOWN') })
  .map((price): CumulativePrice => ({ package: price }))
const lastTier = fc.record({ unit: rate, flat: rate }, { requiredKeys: ['unit'] })
const boundedTiers = fc
  .uniqueArray(fc.record({ upTo: positive, unit: rate, flat: rate }, { requiredKeys: ['upTo', 'unit'] }), {
    selector: ({ upTo }) => upTo,
    maxLength: 5,
  })
  .map((tiers) => tiers.sort((a, b) => (a.upTo < b.upTo ? -1 : 1)))
const tiers = fc.tuple(boundedTiers, lastTier).map(([bounded, last]): Tier[] => [...bounded, last])
const graduated = tiers.map((all): CumulativePrice => ({ graduated: { tiers: all } }))
const volume = tiers.map((all): CumulativePrice => ({ volume: { tiers: all } }))
const cumulative = fc.oneof(flat, packages, graduated, volume)

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean())
const properties = fc.dictionary(fc.constantFrom('model', 'size', 'cached'), scalar)
const percentage = fc
  .record({ percent: rate, property: fc.constantFrom('model', 'size'), min: rate }, { requiredKeys: ['percent'] })
  .map((price): Price => ({ percentage: price }))
const row = fc.record({ match: fc.dictionary(fc.string(), scalar, { minKeys: 1 }), unit: rate })
const matrix = fc
  .record({ rows: fc.array(row, { minLength: 1 }), otherwise: rate }, { requiredKeys: ['rows'] })
  .map((price): Price => ({ matrix: price }))
const anyPrice = fc.oneof(cumulative, percentage, matrix)

const total = (price: CumulativePrice, to: Quantity) => costOfRange<'credits'>(price, ZERO, to)

describe('prices of a period’s quantity', () => {
  it('cost the same in however many events', () => {
    fc.assert(
      fc.property(cumulative, fc.array(quantity), (price, events) => {
        let before: Quantity = ZERO
        const costs = events.map((event) => {
          const after = sum([before, event])
          const cost = costOfRange<'credits'>(price, before, after)
          before = after
          return cost
        })
        expect(sum(costs)).toBe(total(price, before))
      }),
    )
  })

  it('never cost less for more, but for volume prices', () => {
    fc.assert(
      fc.property(fc.oneof(flat, packages, graduated), quantity, quantity, (price, from, more) => {
        expect(costOfRange(price, from, sum([from, more])) >= 0n).toBe(true)
      }),
    )
  })

  it('cost nothing for nothing, and never less than nothing in total', () => {
    fc.assert(
      fc.property(cumulative, quantity, (price, to) => {
        expect(total(price, ZERO)).toBe(ZERO)
        expect(total(price, to) >= 0n).toBe(true)
      }),
    )
  })

  it('hold a tier’s last unit in the tier: just beyond it, only the next tier’s unit and flat are added', () => {
    fc.assert(
      fc.property(tiers, (all) => {
        for (const [index, next] of all.slice(1).entries()) {
          const bound = all[index]?.upTo as Quantity
          const beyond = sum([bound, NANO as Quantity])
          const step = costOfRange<'credits'>({ graduated: { tiers: all } }, bound, beyond)
          expect(step).toBe((NANO * next.unit) / scaled(1n) + (next.flat ?? 0n))
        }
      }),
    )
  })

  it('are the same graduated or by volume while there is one tier', () => {
    fc.assert(
      fc.property(lastTier, quantity, (tier, to) => {
        expect(total({ graduated: { tiers: [tier] } }, to)).toBe(total({ volume: { tiers: [tier] } }, to))
      }),
    )
  })

  it('round packages up to at most one more than down', () => {
    fc.assert(
      fc.property(rate, positive, quantity, (amount, units, to) => {
        const up = total({ package: { amount, units, rounding: 'UP' } }, to)
        const down = total({ package: { amount, units, rounding: 'DOWN' } }, to)
        expect([0n, amount]).toContain(up - down)
      }),
    )
  })
})

describe('prices of single events', () => {
  it('never depend on what came before, and never cost less than nothing', () => {
    fc.assert(
      fc.property(anyPrice.filter(isPerEvent), quantity, positive, properties, (price, before, more, sent) => {
        const event = { before, quantity: more, properties: sent }
        const result = costOfEvent(price, event)
        expect(costOfEvent(price, { ...event, before: ZERO })).toEqual(result)
        if (result.ok) expect(result.cost >= 0n).toBe(true)
      }),
    )
  })
})

it('any price that is written can be read, and is the same price and the same text', () => {
  fc.assert(
    fc.property(anyPrice, (price) => {
      const written = serializePrice(price)
      const read = parsePrice(written, 'price')
      if (!read.ok) expect.fail(`${read.field}: ${read.message}`)
      expect(read.price).toEqual(price)
      expect(serializePrice(read.price)).toEqual(written)
    }),
  )
})
