import { fixedPriceOf, isZero } from '../../client/live/price.ts'
import type { Bundle, RateCard, Remedy, TaxRate } from '../../client/types.ts'
import { allowanceWords, overageOf } from '../texts/plan-facts.ts'
import { amountOfCredits, taxWords } from '../texts/price-words.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import { ActionButton } from './action-button.tsx'

interface OfferProps {
  readonly remedy: Remedy
  /** No two offers may be called the same. */
  readonly name: string
  readonly tax: TaxRate | null
  readonly upgrade: boolean
  readonly busy: boolean
  readonly onChoose: (remedy: Remedy) => void
  readonly texts: Texts
}

/** One remedy: what it costs, what it gives, and the button. */
export function Offer({ remedy, name, tax, upgrade, busy, onChoose, texts }: OfferProps) {
  const { paywall } = texts.labels
  const isCard = 'rateCard' in remedy
  const { price, taxed, gives } = isCard
    ? cardWords(remedy.rateCard, tax, texts)
    : bundleWords(remedy.bundle, tax, texts)
  return (
    <li className="florin-offer">
      <h3 className="florin-offer-name">{name}</h3>
      <p className="florin-offer-price">
        <bdi>{price}</bdi>
        {taxed && (
          <>
            , <span className="florin-offer-tax">{taxed}</span>
          </>
        )}
      </p>
      <p className="florin-offer-gives">{gives}</p>
      <ActionButton busy={busy} onClick={() => onChoose(remedy)}>
        {isCard ? paywall.choosePlan(name, upgrade) : paywall.buyBundle(name)}
      </ActionButton>
    </li>
  )
}

/** The names of remedies. A monthly and a yearly card that are called the same are told apart by their interval. */
export function offerNames(remedies: readonly Remedy[], { labels }: Texts): string[] {
  const names = remedies.map((remedy) => ('rateCard' in remedy ? remedy.rateCard.name : remedy.bundle.name))
  return remedies.map((remedy, index) => {
    const name = names[index] as string
    const alone = names.filter((each) => each === name).length === 1
    return alone || !('rateCard' in remedy)
      ? name
      : labels.pricing.named(name, labels.pricing.intervals[remedy.rateCard.interval])
  })
}

function cardWords(card: RateCard, tax: TaxRate | null, texts: Texts) {
  const { pricing } = texts.labels
  const interval = pricing.interval[card.interval]
  const money = fixedPriceOf(card)
  const free = money !== null && isZero(money.amount)
  const price = money === null ? pricing.byQuantity : `${texts.formats.price(money)} ${pricing.perInterval(interval)}`
  const given = card.allowances.map((allowance) => allowanceWords(card, allowance, texts))
  return {
    price: free ? pricing.free : price,
    taxed: free ? null : taxWords(tax, texts),
    gives: [...given, ...overageOf(card, texts)].join(', '),
  }
}

function bundleWords(bundle: Bundle, tax: TaxRate | null, texts: Texts) {
  const { price, credits, creditType, expiresAfterDays } = bundle
  const { pricing } = texts.labels
  const gives = pricing.bundle(amountOfCredits(credits, creditType, texts))
  const until = expiresAfterDays ? [pricing.bundleExpires(expiresAfterDays)] : []
  return { price: texts.formats.price(price), taxed: taxWords(tax, texts), gives: [gives, ...until].join(', ') }
}
