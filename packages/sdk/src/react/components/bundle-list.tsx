import { useId } from 'react'
import type { Bundle } from '../../client/types.ts'
import { amountOfCredits } from '../texts/price-words.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import { useBundlePurchase } from '../use-bundle-purchase.ts'
import { ActionButton } from './action-button.tsx'
import { wordsOf } from './problem.tsx'

/** Packs of credits, each with its price and the way to the checkout. */
export function BundleList({ bundles, texts }: { bundles: readonly Bundle[]; texts: Texts }) {
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
              {detailsOf(bundle, texts) && <p className="florin-quiet">{detailsOf(bundle, texts)}</p>}
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
function detailsOf({ name, credits, creditType, expiresAfterDays }: Bundle, texts: Texts): string {
  const { pricing } = texts.labels
  const given = pricing.bundle(amountOfCredits(credits, creditType, texts))
  const until = expiresAfterDays ? [pricing.bundleExpires(expiresAfterDays)] : []
  return [...(given === name ? [] : [given]), ...until].join(', ')
}
