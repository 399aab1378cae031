import { formatDecimal, multiply, parseDecimal } from '../../client/live/decimal.ts'
import { priceOf } from '../../client/live/price.ts'
import type { Allowance, RateCard, UsageRate } from '../../client/types.ts'
import { overagePriceWords, priceWords, usagePriceWords } from './price-words.ts'
import type { Texts } from './texts-provider.tsx'

/** How many of each fixed rate somebody has, or would take, by its code. */
export type Quantities = Readonly<Record<string, number>>

/**
 * What a card brings and costs beside its price, a sentence each: allowances, usage prices, seats, features. Credits that come
 * with each seat are counted where the number of seats is known.
 */
export function planFacts(card: RateCard, texts: Texts, quantities?: Quantities): string[] {
  const facts = [...allowanceFacts(card, texts, quantities), ...usageFacts(card, texts)]
  return [...new Set([...facts, ...rateFacts(card, texts, quantities), ...featureFacts(card, texts)])]
}

/** What comes with each period, and what is paid for more. */
function allowanceFacts(card: RateCard, texts: Texts, quantities: Quantities | undefined): string[] {
  return card.allowances.flatMap((allowance) => {
    const beyond = overageOf(card, texts, ({ creditType }) => creditType === allowance.creditType)
    const given = [allowanceWords(card, allowance, texts, quantities), ...beyond].join(', ')
    return allowance.rollover === 'NONE' ? [given] : [given, rolloverWords(allowance, texts)]
  })
}

function rolloverWords({ creditType, rolloverCap }: Allowance, { labels, formats }: Texts): string {
  if (rolloverCap === null) return labels.pricing.rollsOver
  return labels.pricing.rollsOverUpTo(formats.number(rolloverCap), labels.credits(creditType, rolloverCap))
}

export function allowanceWords(
  { fixedRates, interval }: RateCard,
  { amount, creditType, perQuantityOf }: Allowance,
  { labels, formats }: Texts,
  quantities?: Quantities,
): string {
  const rate = fixedRates.find(({ code }) => code === perQuantityOf)
  const each = rate && !quantities
  const total = rate && quantities ? times(amount, quantities[rate.code] ?? rate.defaultQuantity) : amount
  const [number, credits] = [formats.number(total), labels.credits(creditType, total)]
  return each
    ? labels.pricing.allowanceEach(number, credits, rate.name)
    : labels.pricing.allowance(number, credits, labels.pricing.interval[interval])
}

function times(amount: string, quantity: number): string {
  const each = parseDecimal(amount)
  return each ? formatDecimal(multiply(each, { digits: BigInt(quantity), scale: 0 })) : amount
}

/** "then $0.90 each", once for all meters that are charged the same. */
export function overageOf(card: RateCard, texts: Texts, which: (rate: UsageRate) => boolean = () => true): string[] {
  const { prices } = texts.labels
  const words = card.usageRates.filter(which).flatMap((rate) => {
    const price = overagePriceWords(rate, card, texts)
    return price ? [prices.overage(priceOf(rate.overagePrice).flat ? prices.each(price) : price)] : []
  })
  return [...new Set(words)]
}

/** Where a unit is simply one credit, there is nothing to say; overage without an allowance stands by itself. */
function usageFacts(card: RateCard, texts: Texts): string[] {
  const { allowances, usageRates } = card
  const alone = usageRates.filter(({ creditType }) => !allowances.some((one) => one.creditType === creditType))
  const overage = alone.flatMap((rate) => {
    const price = overagePriceWords(rate, card, texts)
    return price ? [texts.labels.prices.usage(rate.name, texts.labels.prices.each(price))] : []
  })
  return [...usagePrices(card, texts), ...overage]
}

/** What is used costs in credits, where that is not one for one. */
const usagePrices = ({ usageRates }: Pick<RateCard, 'usageRates'>, texts: Texts): string[] =>
  usageRates.flatMap((rate) => (rate.creditCost ? (usagePriceWords(rate, texts) ?? []) : []))

/** Prices by quantity: seats, and the parts of a price that has several. */
function rateFacts({ fixedRates, currency }: RateCard, texts: Texts, quantities: Quantities = {}): string[] {
  const money = (amount: string) => texts.formats.price({ amount, currency })
  return fixedRates.flatMap(({ code, name, price: raw, defaultQuantity, adjustable }) => {
    if (fixedRates.length === 1 && !adjustable) return []
    const price = priceOf(raw)
    // "$20 each" asks how many: of a base fee there is one, and nobody can take another.
    const isOne = !adjustable && (quantities[code] ?? defaultQuantity) === 1
    const words = isOne && price.flat ? money(price.flat.amount) : priceWords(price, money, texts)
    return words ? [texts.labels.prices.usage(name, words)] : []
  })
}

function featureFacts({ features }: RateCard, { labels, formats }: Texts): string[] {
  return features.flatMap(({ feature, enabled, value }) => {
    if (!enabled) return []
    const name = labels.feature(feature)
    if (typeof value === 'string') return [labels.pricing.featureValue(name, value)]
    return typeof value === 'number' ? [labels.pricing.featureValue(name, formats.number(String(value)))] : [name]
  })
}
