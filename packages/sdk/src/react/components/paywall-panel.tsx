import type { Remedy } from '../../client/types.ts'
import { amountOfCredits } from '../texts/price-words.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import { useBillingState } from '../use-billing-state.ts'
import type { PaywallOffers } from '../use-paywall-offers.ts'
import { useTaxRate } from '../use-tax-rate.ts'
import { Offer, offerNames } from './offer.tsx'
import { wordsOf } from './problem.tsx'

interface PaywallPanelProps {
  readonly meter: string
  readonly paywall: PaywallOffers
  readonly texts: Texts
  readonly onChoose: (remedy: Remedy) => void
}

export const titleOf = ({ reason }: PaywallOffers, { labels: { paywall } }: Texts): string =>
  (reason && paywall.title[reason]) || paywall.title.other

/** Why nothing is known. */
export const failureOf = ({ error }: PaywallOffers, { labels }: Texts): string =>
  error?.code === 'SIGNED_OUT' ? labels.signIn : labels.paywall.failed

/** Why it is refused, and what would help. */
export function PaywallPanel({ meter, paywall, texts, onChoose }: PaywallPanelProps) {
  const { labels } = texts
  const { reason, cost, available, remedies, chosen, failure, isUpgrade, actionUrl } = paywall
  const creditType = useBillingState().meter(meter)?.creditType ?? 'credits'
  const { value: tax = null } = useTaxRate()
  const needed = amountOfCredits(cost ?? '0', creditType, texts)
  const names = offerNames(remedies, texts)
  const had = texts.formats.number(available ?? '0')
  return (
    <>
      <p className="florin-paywall-text">
        {reason && labels.paywall.explanation({ reason, cost: needed, available: had })}
      </p>
      {reason === 'PAYMENT_PAST_DUE' && actionUrl && (
        <a className="florin-button florin-button-primary" href={actionUrl}>
          {labels.paywall.settle}
        </a>
      )}
      {remedies.length > 0 ? (
        <ul className="florin-offers">
          {remedies.map((remedy, index) => (
            <Offer
              key={'rateCard' in remedy ? `card ${remedy.rateCard.code}` : `bundle ${remedy.bundle.code}`}
              remedy={remedy}
              name={names[index] as string}
              tax={tax}
              upgrade={isUpgrade(remedy)}
              busy={remedy === chosen}
              onChoose={onChoose}
              texts={texts}
            />
          ))}
        </ul>
      ) : (
        !actionUrl && <p className="florin-quiet">{labels.paywall.noRemedies}</p>
      )}
      <p className="florin-failure" role="alert">
        {wordsOf(failure, texts)}
      </p>
    </>
  )
}
