import { compare, parseDecimal } from '../../client/live/decimal.ts'
import { type Price, priceOf, type Tier } from '../../client/live/price.ts'
import type { RateCard, TaxRate, UsageRate } from '../../client/types.ts'
import type { Texts } from './texts-provider.tsx'

/** What a unit of the rate's meter costs in credits, in words: "Characters: 1 credit each". */
export function usagePriceWords({ name, creditType, creditCost }: UsageRate, texts: Texts): string | null {
  const price: Price = creditCost ? priceOf(creditCost) : { flat: { amount: '1' } }
  const words = priceWords(price, (raw) => amountOfCredits(raw, creditType, texts), texts)
  return words && texts.labels.prices.usage(name, words)
}

/** What a credit beyond the grants costs, in words: "$0.90"; null where the card stops there. */
export function overagePriceWords(rate: UsageRate, { currency }: RateCard, texts: Texts): string | null {
  if (rate.overage !== 'CHARGE') return null
  const money = (amount: string) => texts.formats.price({ amount, currency })
  const price = priceOf(rate.overagePrice)
  return price.flat ? money(price.flat.amount) : priceWords(price, money, texts)
}

/** "1,000 credits" */
export const amountOfCredits = (raw: string, creditType: string, { labels, formats }: Texts): string =>
  `${formats.number(raw)} ${labels.credits(creditType, raw)}`

/** What a price says of tax: "plus VAT", "VAT included"; null where there is none. */
export function taxWords(tax: TaxRate | null | undefined, { labels: { pricing } }: Texts): string | null {
  if (!tax) return null
  return tax.mode === 'EXCLUSIVE' ? pricing.taxOnTop(tax.name) : pricing.taxIncluded(tax.name)
}

/** A price in words, with `say` for its amounts; null for one that is not known here. */
export function priceWords(price: Price, say: (raw: string) => string, { labels, formats }: Texts): string | null {
  const { prices } = labels
  if (price.flat) return prices.each(say(price.flat.amount))
  if (price.package) return prices.perUnits(say(price.package.amount), formats.number(price.package.units))
  const tiers = price.graduated?.tiers ?? price.volume?.tiers
  if (tiers) return tiers.map((tier) => tierWords(tier, say, prices, formats.number)).join(', ')
  if (price.percentage) return prices.percent(formats.number(price.percentage.percent))
  return price.matrix ? matrixWords(price.matrix, say, prices) : null
}

type PriceLabels = Texts['labels']['prices']

function tierWords(
  { upTo, unit, flat }: Tier,
  say: (raw: string) => string,
  labels: PriceLabels,
  number: (raw: string) => string,
) {
  const each = [...(flat ? [say(flat)] : []), labels.each(say(unit))].join(' + ')
  return upTo ? labels.firstUnits(each, number(upTo)) : labels.overage(each)
}

function matrixWords(
  { rows, otherwise }: NonNullable<Price['matrix']>,
  say: (raw: string) => string,
  labels: PriceLabels,
) {
  const units = [...rows.map(({ unit }) => unit), ...(otherwise ? [otherwise] : [])].sort(ascending)
  const [lowest, highest] = [units[0], units.at(-1)]
  if (lowest === undefined || highest === undefined) return null
  return labels.each(lowest === highest ? say(lowest) : labels.range(say(lowest), say(highest)))
}

function ascending(a: string, b: string): number {
  const [left, right] = [parseDecimal(a), parseDecimal(b)]
  return left && right ? Number(compare(left, right)) : 0
}
