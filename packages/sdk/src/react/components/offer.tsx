import { fixedPriceOf, isZero } from '../../client/live/price.ts'
import type { Bundle, RateCard, Remedy } from '../../client/types.ts'
import { amountOfCredits, overagePriceWords } from '../texts/price-words.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import { ActionButton } from './action-button.tsx'

interface OfferProps {
  readonly remedy: Remedy
  readonly subscribed: boolean
  readonly busy: boolean
  readonly onChoose: (remedy: Remedy) => void
  readonly texts: Texts
}

/** One remedy: what it costs, what it gives, and the button. */
export function Offer({ remedy, subscribed, busy, onChoose, texts }: OfferProps) {
  const { paywall } = texts.labels
  const isCard = 'rateCard' in remedy
  const { name } = isCard ? remedy.rateCard : remedy.bundle
  const { price, gives } = isCard ? cardWords(remedy.rateCard, texts) : bundleWords(remedy.bundle, texts)
  return (
    <li className="florin-offer">
      <h3 className="florin-offer-name">{name}</h3>
      <p className="florin-offer-price">{price}</p>
      <p className="florin-offer-gives">{gives}</p>
      <ActionButton busy={busy} onClick={() => onChoose(remedy)}>
        {isCard ? paywall.choosePlan(name, subscribed) : paywall.buyBundle(name)}
      </ActionButton>
    </li>
  )
}

function cardWords(card: RateCard, texts: Texts) {
  const { pricing, prices } = texts.labels
  const interval = pricing.interval[card.interval]
  const money = fixedPriceOf(card)
  const free = money !== null && isZero(money.amount)
  const price = money === null ? pricing.byQuantity : `${texts.formats.price(money)} ${pricing.perInterval(interval)}`
  const given = card.allowances.map(({ amount, creditType }) =>
    pricing.allowance(texts.formats.number(amount), texts.labels.credits(creditType, amount), interval),
  )
  const overages = card.usageRates.flatMap((rate) => {
    const words = overagePriceWords(rate, card, texts)
    return words ? [prices.overage(prices.each(words))] : []
  })
  return { price: free ? pricing.free : price, gives: [...given, ...new Set(overages)].join(', ') }
}

function bundleWords({ price, credits, creditType, expiresAfterDays }: Bundle, texts: Texts) {
  const { pricing } = texts.labels
  const gives = pricing.bundle(amountOfCredits(credits, creditType, texts))
  const until = expiresAfterDays ? [pricing.bundleExpires(expiresAfterDays)] : []
  return { price: texts.formats.price(price), gives: [gives, ...until].join(', ') }
}
