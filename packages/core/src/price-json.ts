/**
 * A price as JSON: read from what a caller publishes (`PriceInput` in the API) and written as it is stored and shown.
 */
import { type Amount, formatAmount, parseDecimal, type Quantity } from './decimal.ts'
import type { MatrixPrice, MatrixRow, PackagePrice, PercentagePrice, Price, Scalar, Tier } from './price.ts'

export type ParsedPrice =
  | { readonly ok: true; readonly price: Price }
  | { readonly ok: false; readonly field: string; readonly message: string }

type Fields = Readonly<Record<string, unknown>>

/** Carries a mistake from the reader that found it to `parsePrice`; it never leaves this file. */
class Mistake extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message)
  }
}

const KINDS: Readonly<Record<string, (fields: Fields, at: string) => Price>> = {
  flat: (fields, at) => ({ flat: { amount: amountIn(fields, 'amount', at) } }),
  package: (fields, at) => ({ package: readPackage(fields, at) }),
  graduated: (fields, at) => ({ graduated: { tiers: readTiers(fields, at) } }),
  volume: (fields, at) => ({ volume: { tiers: readTiers(fields, at) } }),
  percentage: (fields, at) => ({ percentage: readPercentage(fields, at) }),
  matrix: (fields, at) => ({ matrix: readMatrix(fields, at) }),
}

/**
 * Checks and reads a price. `path` says where the input stands in the caller's request and begins every `field`, such as
 * "creditCost.graduated.tiers.1.upTo". Amounts are decimals, not negative, with up to 9 digits after the point; `null`
 * counts as left out. At the first mistake it stops and says what to do about it.
 */
export function parsePrice(input: unknown, path: string): ParsedPrice {
  try {
    return { ok: true, price: readPrice(input, path) }
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, field: error.field, message: error.message }
    throw error
  }
}

/**
 * The canonical JSON of a price that `parsePrice` made: decimals as strings without trailing zeros, everything in one
 * order. Prices that say the same give the same text, so publishing a card again can be told from changing it.
 */
export function serializePrice(price: Price): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(price, (_, value) => (typeof value === 'bigint' ? formatAmount(value) : value)))
}

function readPrice(input: unknown, path: string): Price {
  const kinds = isFields(input) ? Object.keys(input).filter((kind) => present(input[kind])) : []
  const [kind, ...others] = kinds
  const read = kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (kind === undefined || read === undefined || others.length > 0) {
    throw new Mistake(path, `give exactly one of ${Object.keys(KINDS).join(', ')}`)
  }
  const at = `${path}.${kind}`
  return read(fieldsOf((input as Fields)[kind], at), at)
}

function readPackage(fields: Fields, at: string): PackagePrice {
  const rounding = fields.rounding ?? 'UP'
  if (rounding !== 'UP' && rounding !== 'DOWN') throw new Mistake(`${at}.rounding`, 'give UP or DOWN')
  return { amount: amountIn(fields, 'amount', at), units: positiveIn(fields, 'units', at), rounding }
}

function readTiers(fields: Fields, at: string): Tier[] {
  const inputs = listIn(fields, 'tiers', at)
  const tiers = inputs.map((input, index) => readTier(input, `${at}.tiers.${index}`, index === inputs.length - 1))
  for (const [index, { upTo }] of tiers.entries()) {
    const before = tiers[index - 1]?.upTo
    if (upTo !== undefined && before !== undefined && upTo <= before) {
      throw new Mistake(`${at}.tiers.${index}.upTo`, 'put the tiers in order: each ends above the one before it')
    }
  }
  return tiers
}

function readTier(input: unknown, at: string, last: boolean): Tier {
  const fields = fieldsOf(input, at)
  if (last && present(fields.upTo)) throw new Mistake(`${at}.upTo`, 'leave upTo out of the last tier: it has no end')
  return {
    ...(last ? {} : { upTo: positiveIn(fields, 'upTo', at) }),
    unit: amountIn(fields, 'unit', at),
    ...optional('flat', fields, at),
  }
}

function readPercentage(fields: Fields, at: string): PercentagePrice {
  const { property } = fields
  if (present(property) && (typeof property !== 'string' || property === '')) {
    throw new Mistake(`${at}.property`, 'name a property of the event, or leave it out to use the quantity')
  }
  const price: PercentagePrice = {
    percent: amountIn(fields, 'percent', at),
    ...(typeof property === 'string' ? { property } : {}),
    ...optional('min', fields, at),
    ...optional('max', fields, at),
  }
  if (price.min !== undefined && price.max !== undefined && price.min > price.max) {
    throw new Mistake(`${at}.max`, 'give a max that is at least min')
  }
  return price
}

function readMatrix(fields: Fields, at: string): MatrixPrice {
  const rows = listIn(fields, 'rows', at).map((input, index) => readRow(input, `${at}.rows.${index}`))
  return { rows, ...optional('otherwise', fields, at) }
}

function readRow(input: unknown, at: string): MatrixRow {
  const fields = fieldsOf(input, at)
  const properties = Object.entries(fieldsOf(fields.match, `${at}.match`))
  if (properties.length === 0) {
    throw new Mistake(`${at}.match`, 'name at least one property; a price for all other events is `otherwise`')
  }
  for (const [name, value] of properties) {
    if (!isScalar(value)) throw new Mistake(`${at}.match.${name}`, 'give a string, a number or a boolean')
  }
  properties.sort(([a], [b]) => (a < b ? -1 : 1))
  return { match: Object.fromEntries(properties) as MatrixRow['match'], unit: amountIn(fields, 'unit', at) }
}

function amountIn<Unit extends string>(fields: Fields, name: string, at: string): Amount<Unit> {
  const amount = parseDecimal<Unit>(fields[name])
  if (amount === null || amount < 0n) {
    const remedy = 'give a decimal of at least zero as text, such as "0.90", with up to 9 digits after the point'
    throw new Mistake(`${at}.${name}`, remedy)
  }
  return amount
}

function positiveIn(fields: Fields, name: string, at: string): Quantity {
  const quantity = amountIn<'quantity'>(fields, name, at)
  if (quantity === 0n) throw new Mistake(`${at}.${name}`, 'give a decimal above 0')
  return quantity
}

/** The amount under its own name, or nothing if it was left out: to be spread into a price. */
function optional<Name extends string>(name: Name, fields: Fields, at: string): { [name in Name]?: Amount<'rate'> } {
  if (!present(fields[name])) return {}
  return { [name]: amountIn<'rate'>(fields, name, at) } as { [name in Name]: Amount<'rate'> }
}

function listIn(fields: Fields, name: string, at: string): readonly unknown[] {
  const list = fields[name]
  if (!Array.isArray(list) || list.length === 0) throw new Mistake(`${at}.${name}`, 'give a list of at least one')
  return list
}

function fieldsOf(input: unknown, at: string): Fields {
  if (!isFields(input)) throw new Mistake(at, 'give an object')
  return input
}

function isFields(input: unknown): input is Fields {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  )
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null
}
