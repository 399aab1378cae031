/** Tax on the lines of an invoice, from one percentage. */
import { ONE, percentOf, type Quantity, type Rate } from './decimal.ts'
import {
  addMoney,
  type ExactMoney,
  exactMoney,
  type Money,
  roundToMinor,
  splitMoney,
  subtractMoney,
  sumMoney,
} from './money.ts'

/** EXCLUSIVE: tax comes on top of the lines. INCLUSIVE: the lines have it in them already. */
export type TaxMode = 'EXCLUSIVE' | 'INCLUSIVE'

/** A line with its tax: net and tax are gross. Signs follow the line: credited lines give their tax back. */
export interface TaxedLine {
  readonly net: Money
  readonly tax: Money
  readonly gross: Money
}

/**
 * The tax of each line, in the order given. On top, each line's tax is rounded once. Within, the tax that the total holds
 * is rounded once and split over the lines by largest remainder; charged and credited lines are two totals.
 *
 * @param percent such as 19 for 19 %; not negative.
 */
export function taxLines(amounts: readonly Money[], percent: Rate, mode: TaxMode): TaxedLine[] {
  if (percent < 0n) throw new Error('a tax rate is not negative')
  return mode === 'EXCLUSIVE' ? amounts.map((net) => onTop(net, percent)) : within(amounts, percent)
}

function onTop(net: Money, percent: Rate): TaxedLine {
  const exact = percentOf<'money'>(exactMoney(net) as bigint as Quantity, percent)
  const tax = roundToMinor(exact, net.currency)
  return { net, tax, gross: addMoney(net, tax) }
}

function within(amounts: readonly Money[], percent: Rate): TaxedLine[] {
  const charged = taxesOf(amounts, percent, ({ minor }) => minor > 0n)
  const credited = taxesOf(amounts, percent, ({ minor }) => minor < 0n)
  return amounts.map((gross, index) => {
    const tax = addMoney(charged[index] as Money, credited[index] as Money)
    return { net: subtractMoney(gross, tax), tax, gross }
  })
}

/** The tax in the lines that count, split over them; nothing in the others. */
function taxesOf(amounts: readonly Money[], percent: Rate, counts: (line: Money) => boolean): Money[] {
  const counted = amounts.map((line) => (counts(line) ? line : { ...line, minor: 0n }))
  const currency = amounts[0]?.currency
  const total = currency === undefined ? null : sumMoney(counted, currency)
  if (total === null || total.minor === 0n) return counted
  const hundred = (ONE as bigint) * 100n
  const held = ((exactMoney(total) * percent) / (hundred + percent)) as ExactMoney
  return splitMoney(
    roundToMinor(held, total.currency),
    counted.map(({ minor }) => (minor < 0n ? -minor : minor)),
  )
}
