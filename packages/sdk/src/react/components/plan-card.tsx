import type { RateCard, SubscriptionState, TaxRate } from '../../client/types.ts'
import { planFacts } from '../texts/plan-facts.ts'
import { taxWords } from '../texts/price-words.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import type { PricingPlan } from '../use-pricing-table.ts'
import { ActionButton } from './action-button.tsx'

interface PlanCardProps {
  readonly plan: PricingPlan
  readonly tax: TaxRate | null
  readonly subscription: SubscriptionState | undefined
  readonly busy: boolean
  readonly headingLevel: 2 | 3 | 4
  readonly onChoose: (rateCard: RateCard) => void
  readonly texts: Texts
}

export function PlanCard({ plan, tax, subscription, busy, headingLevel, onChoose, texts }: PlanCardProps) {
  const { rateCard, current, pending, how } = plan
  const { pricing } = texts.labels
  const Heading = `h${headingLevel}` as const
  const note = noteOf(plan, subscription, texts)
  return (
    <li className="florin-plan" data-current={current || undefined}>
      <div className="florin-plan-head">
        <Heading className="florin-plan-name">{rateCard.name}</Heading>
        {note && <span className="florin-badge">{note}</span>}
      </div>
      <Price plan={plan} tax={tax} texts={texts} />
      {rateCard.description && <p className="florin-plan-description">{rateCard.description}</p>}
      <ul className="florin-facts">
        {planFacts(rateCard, texts).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <ActionButton
        kind={how === 'downgrade' || current ? 'plain' : 'primary'}
        busy={busy}
        disabled={current || pending}
        onClick={() => onChoose(rateCard)}
      >
        {current ? pricing.currentPlan : pending ? pricing.pendingPlan : pricing.choose(rateCard.name, how)}
      </ActionButton>
    </li>
  )
}

function Price({ plan: { price, free, rateCard }, tax, texts }: Pick<PlanCardProps, 'plan' | 'tax' | 'texts'>) {
  const { formats } = texts
  const { pricing } = texts.labels
  const interval = pricing.perInterval(pricing.interval[rateCard.interval])
  const taxed = free ? null : taxWords(tax, texts)
  if (free && rateCard.name !== pricing.free) return <p className="florin-plan-price">{pricing.free}</p>
  if (!price) return <p className="florin-plan-price">{pricing.byQuantity}</p>
  return (
    <p className="florin-plan-price">
      <bdi>{formats.price(price)}</bdi>{' '}
      <span className="florin-plan-interval">{taxed ? `${interval}, ${taxed}` : interval}</span>
    </p>
  )
}

/** A trial is of those who start: a change from another card is charged at once. */
function noteOf({ rateCard, current, how }: PricingPlan, subscription: SubscriptionState | undefined, texts: Texts) {
  const { pricing } = texts.labels
  if (!current || !subscription) return how === 'trial' ? pricing.trial(rateCard.trialDays) : undefined
  const { status, trialEndsAt } = subscription
  if (status === 'TRIALING' && trialEndsAt) return pricing.trialEnds(texts.formats.date(trialEndsAt))
  return pricing.status[status]
}
