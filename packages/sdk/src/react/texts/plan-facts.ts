import { priceOf } from '../../client/live/price.ts'
import type { RateCard } from '../../client/types.ts'
import { overagePriceWords, priceWords, usagePriceWords } from './price-words.ts'
import type { Texts } from './texts-provider.tsx'

/** What a card brings and costs beside its price, a sentence each: allowances, usage prices, seats, features. */
export function planFacts(card: RateCard, texts: Texts): string[] {
  const facts = [...allowanceFacts(card, texts), ...usageFacts(card, texts), ...rateFacts(card, texts)]
  return [...new Set([...facts, ...featureFacts(card, texts)])]
}

function allowanceFacts({ allowances, fixedRates, interval }: RateCard, { labels, formats }: Texts): string[] {
  const { pricing } = labels
  return allowances.flatMap(({ amount, creditType, perQuantityOf, rollover }) => {
    const [number, credits] = [formats.number(amount), labels.credits(creditType, amount)]
    const rate = fixedRates.find(({ code }) => code === perQuantityOf)
    const given = rate
      ? pricing.allowanceEach(number, credits, rate.name)
      : pricing.allowance(number, credits, pricing.interval[interval])
    return rollover === 'NONE' ? [given] : [given, pricing.rollsOver]
  })
}

/** Where a unit is simply one credit, there is nothing to say but what comes after the allowance. */
function usageFacts(card: RateCard, texts: Texts): string[] {
  const { prices } = texts.labels
  return card.usageRates.flatMap((rate) => {
    const usage = rate.creditCost ? usagePriceWords(rate, texts) : null
    const overage = overagePriceWords(rate, card, texts)
    const flat = priceOf(rate.overagePrice).flat
    return [...(usage ? [usage] : []), ...(overage ? [prices.overage(flat ? prices.each(overage) : overage)] : [])]
  })
}

/** Prices by quantity: seats, and the parts of a price that has several. */
function rateFacts({ fixedRates, allowances, currency }: RateCard, texts: Texts): string[] {
  const money = (amount: string) => texts.formats.price({ amount, currency })
  return fixedRates.flatMap(({ code, name, price, defaultQuantity }) => {
    const counted = defaultQuantity !== 1 || allowances.some(({ perQuantityOf }) => perQuantityOf === code)
    if (fixedRates.length === 1 && !counted && priceOf(price).flat) return []
    const words = priceWords(priceOf(price), money, texts)
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
