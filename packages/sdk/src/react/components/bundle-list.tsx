import { useId } from 'react'
import type { Bundle, TaxRate } from '../../client/types.ts'
import { amountOfCredits, taxWords } from '../texts/price-words.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import { useBundlePurchase } from '../use-bundle-purchase.ts'
import { ActionButton } from './action-button.tsx'
import { wordsOf } from './problem.tsx'

interface BundleListProps {
  readonly bundles: readonly Bundle[]
  readonly tax: TaxRate | null
  readonly texts: Texts
}

/** Packs of credits, each with its price and the way to the checkout. */
export function BundleList({ bundles, tax, texts }: BundleListProps) {
  const { pricing } = texts.labels
  const titleId = useId()
  const { buy, buying, bought, error } = useBundlePurchase()
  return (
    <section className="florin-bundles" aria-labelledby={titleId}>
      <h3 id={titleId} className="florin-subtitle">
        {pricing.bundles}
      </h3>
      <ul className="florin-bundle-list">
        {bundles.map((bundle) => (
          <li key={bundle.code} className="florin-bundle">
            <div>
              <p className="florin-bundle-name">{bundle.name}</p>
              {detailsOf(bundle, tax, texts) && <p className="florin-quiet">{detailsOf(bundle, tax, texts)}</p>}
            </div>
            <ActionButton kind="plain" busy={buying === bundle.code} onClick={() => buy(bundle)}>
              <span className="florin-hidden">{pricing.buy(bundle.name)} </span>
              <bdi>{texts.formats.price(bundle.price)}</bdi>
            </ActionButton>
          </li>
        ))}
      </ul>
      <p className="florin-news" role="status">
        {bought && (bought.pending ? pricing.payingForBundle : pricing.bought(bought.bundle.name))}
      </p>
      <p className="florin-failure" role="alert">
        {wordsOf(error, texts)}
      </p>
    </section>
  )
}

/** What its name does not say already. */
function detailsOf(bundle: Bundle, tax: TaxRate | null, texts: Texts): string {
  const { name, credits, creditType, expiresAfterDays } = bundle
  const { pricing } = texts.labels
  const given = pricing.bundle(amountOfCredits(credits, creditType, texts))
  const until = expiresAfterDays ? [pricing.bundleExpires(expiresAfterDays)] : []
  return [...(given === name ? [] : [given]), ...until, taxWords(tax, texts)].filter(Boolean).join(', ')
}
