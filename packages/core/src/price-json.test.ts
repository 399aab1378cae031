import { describe, expect, it } from 'vitest'
import { parsePrice, serializePrice } from './price-json.ts'

/** The canonical JSON of an input, or "field: message" if it is refused. */
function read(input: unknown): unknown {
  const result = parsePrice(input, 'price')
  return result.ok ? serializePrice(result.price) : `${result.field}: ${result.message}`
}

const oneKind = 'give exactly one of flat, package, graduated, volume, percentage, matrix'
const decimal = 'give a decimal of at least zero as text, such as "0.90", with up to 9 digits after the point'
const matrixOf = (match: unknown) => ({ matrix: { rows: [{ match, unit: '1' }] } })

describe('a price is stored as', () => {
  it.each([
    // published | stored
    [{ flat: { amount: '0.90' } }, { flat: { amount: '0.9' } }],
    [{ flat: { amount: 3 }, package: null, volume: undefined }, { flat: { amount: '3' } }],
    [{ flat: { amount: '0' } }, { flat: { amount: '0' } }],
    [{ package: { amount: '1', units: '1000' } }, { package: { amount: '1', units: '1000', rounding: 'UP' } }],
    [
      { package: { rounding: 'DOWN', units: 0.5 * 4, amount: '1.50' } },
      { package: { amount: '1.5', units: '2', rounding: 'DOWN' } },
    ],
    [
      {
        graduated: {
          tiers: [
            { upTo: '10', unit: '0.1', flat: '5.0' },
            { unit: '0', upTo: null, flat: null },
          ],
        },
      },
      { graduated: { tiers: [{ upTo: '10', unit: '0.1', flat: '5' }, { unit: '0' }] } },
    ],
    [{ volume: { tiers: [{ unit: '0.000000001' }] } }, { volume: { tiers: [{ unit: '0.000000001' }] } }],
    [{ percentage: { percent: '120', property: null } }, { percentage: { percent: '120' } }],
    [
      { percentage: { max: '5', min: '5', property: 'cost', percent: '2.90' } },
      { percentage: { percent: '2.9', property: 'cost', min: '5', max: '5' } },
    ],
    [
      { matrix: { otherwise: '1.0', rows: [{ unit: '2', match: { model: 'opus', cached: false, size: 1.5 } }] } },
      { matrix: { rows: [{ match: { cached: false, model: 'opus', size: 1.5 }, unit: '2' }], otherwise: '1' } },
    ],
  ])('%j -> %j', (published, stored) => {
    expect(JSON.stringify(read(published))).toBe(JSON.stringify(stored))
  })

  it('reads objects without a prototype, as GraphQL arguments are', () => {
    const flat = Object.assign(Object.create(null), { amount: '1' })
    expect(read(Object.assign(Object.create(null), { flat }))).toEqual({ flat: { amount: '1' } })
  })
})

describe('a price is refused with the field and the remedy', () => {
  it.each([
    ['nothing', undefined, `price: ${oneKind}`],
    ['null', null, `price: ${oneKind}`],
    ['text', '0.90', `price: ${oneKind}`],
    ['a list', [{ flat: { amount: '1' } }], `price: ${oneKind}`],
    ['no kind', {}, `price: ${oneKind}`],
    ['an unknown kind', { tiered: {} }, `price: ${oneKind}`],
    ['a kind that every object inherits', { constructor: {} }, `price: ${oneKind}`],
    ['two kinds', { flat: { amount: '1' }, volume: { tiers: [{ unit: '1' }] } }, `price: ${oneKind}`],
    ['a kind that is no object', { flat: '1' }, 'price.flat: give an object'],
    ['no amount', { flat: {} }, `price.flat.amount: ${decimal}`],
    ['a float', { flat: { amount: 0.9 } }, `price.flat.amount: ${decimal}`],
    ['a negative amount', { flat: { amount: '-1' } }, `price.flat.amount: ${decimal}`],
    ['ten decimals', { flat: { amount: '0.0000000001' } }, `price.flat.amount: ${decimal}`],
    ['no units', { package: { amount: '1' } }, `price.package.units: ${decimal}`],
    ['zero units', { package: { amount: '1', units: '0' } }, 'price.package.units: give a decimal above 0'],
    [
      'odd rounding',
      { package: { amount: '1', units: '5', rounding: 'up' } },
      'price.package.rounding: give UP or DOWN',
    ],
    ['no tiers', { graduated: {} }, 'price.graduated.tiers: give a list of at least one'],
    ['empty tiers', { volume: { tiers: [] } }, 'price.volume.tiers: give a list of at least one'],
    ['a tier that is no object', { volume: { tiers: ['1'] } }, 'price.volume.tiers.0: give an object'],
    [
      'a closed last tier',
      { graduated: { tiers: [{ upTo: '5', unit: '1' }] } },
      'price.graduated.tiers.0.upTo: leave upTo out of the last tier: it has no end',
    ],
    [
      'an open tier before the last',
      { graduated: { tiers: [{ unit: '1' }, { unit: '2' }] } },
      `price.graduated.tiers.0.upTo: ${decimal}`,
    ],
    [
      'a tier that ends at 0',
      { graduated: { tiers: [{ upTo: '0', unit: '1' }, { unit: '2' }] } },
      'price.graduated.tiers.0.upTo: give a decimal above 0',
    ],
    [
      'tiers that do not grow',
      { volume: { tiers: [{ upTo: '5', unit: '1' }, { upTo: '5.0', unit: '2' }, { unit: '3' }] } },
      'price.volume.tiers.1.upTo: put the tiers in order: each ends above the one before it',
    ],
    ['a negative flat', { volume: { tiers: [{ unit: '1', flat: '-5' }] } }, `price.volume.tiers.0.flat: ${decimal}`],
    ['a negative percent', { percentage: { percent: '-1' } }, `price.percentage.percent: ${decimal}`],
    [
      'a property without a name',
      { percentage: { percent: '1', property: '' } },
      'price.percentage.property: name a property of the event, or leave it out to use the quantity',
    ],
    [
      'min above max',
      { percentage: { percent: '1', min: '2', max: '1' } },
      'price.percentage.max: give a max that is at least min',
    ],
    ['no rows', { matrix: { otherwise: '1' } }, 'price.matrix.rows: give a list of at least one'],
    ['a match that is no object', matrixOf('opus'), 'price.matrix.rows.0.match: give an object'],
    [
      'an empty match',
      matrixOf({}),
      'price.matrix.rows.0.match: name at least one property; a price for all other events is `otherwise`',
    ],
    [
      'a match with a list',
      matrixOf({ model: ['opus', 'haiku'] }),
      'price.matrix.rows.0.match.model: give a string, a number or a boolean',
    ],
    [
      'a match with null',
      matrixOf({ model: null }),
      'price.matrix.rows.0.match.model: give a string, a number or a boolean',
    ],
    [
      'a match with no number',
      matrixOf({ size: Number.NaN }),
      'price.matrix.rows.0.match.size: give a string, a number or a boolean',
    ],
    [
      'a row without a price',
      { matrix: { rows: [{ match: { model: 'opus' } }] } },
      `price.matrix.rows.0.unit: ${decimal}`,
    ],
  ])('%s', (_, input, refusal) => {
    expect(read(input)).toBe(refusal)
  })
})
