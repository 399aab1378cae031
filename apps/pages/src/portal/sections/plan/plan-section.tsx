import { useBillingState, useRateCards } from '@florin/sdk/react'
import { useMemo } from 'react'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'
import { SectionNews } from '../../section-news.tsx'
import { SubscriptionNotices } from '../../subscription-notices.tsx'
import { CurrentPlan } from './current-plan.tsx'
import { PlanChoices } from './plan-choices.tsx'
import { PlanDialog } from './plan-dialog.tsx'
import { sortOffers } from './plan-offers.ts'
import { usePlanIntent } from './use-plan-intent.ts'

/** The customer's cards, and the ones they could have. */
export function PlanSection() {
  const { state } = useBillingState()
  const { rateCards, error } = useRateCards()
  const { intent, news, notices, begin, forget, endings } = usePlanIntent()
  const subscriptions = useMemo(() => state?.subscriptions.filter(({ status }) => status !== 'CANCELED') ?? [], [state])
  const { plans, additions } = useMemo(() => sortOffers(subscriptions, rateCards ?? []), [subscriptions, rateCards])
  return (
    <>
      <SectionHeading title="Plan" />
      {state && (rateCards || error) ? (
        <>
          <SectionNews news={news} />
          <SubscriptionNotices subscriptions={subscriptions} ref={notices} onChange={forget} />
          {plans.map(({ subscription, cards }) => (
            <div className="plan" key={subscription.id}>
              <CurrentPlan
                subscription={subscription}
                onSeats={() => begin({ name: 'change', subscription, card: subscription.rateCard })}
                onCancel={() => begin({ name: 'cancel', subscription })}
              />
              <PlanChoices
                title={plans.length > 1 ? `Change ${subscription.rateCard.name}` : 'Change your plan'}
                cards={cards}
                subscription={subscription}
                onChoose={(card) => begin({ name: 'change', subscription, card })}
              />
            </div>
          ))}
          <PlanChoices
            title={plans.length > 0 ? 'Add to your plan' : 'Choose a plan'}
            verb={plans.length > 0 ? 'Add' : 'Choose'}
            cards={additions}
            onChoose={(card) => begin({ name: 'start', card })}
          />
          {error && (
            <p className="problem">The plans can’t be shown right now. Please load this page again in a minute.</p>
          )}
          {!error && plans.length === 0 && additions.length === 0 && (
            <p className="card panel quiet">There is no plan to choose here.</p>
          )}
        </>
      ) : (
        <SectionLoading label="Loading your plan…" />
      )}
      {intent && <PlanDialog intent={intent} subscriptions={subscriptions} {...endings} />}
    </>
  )
}
