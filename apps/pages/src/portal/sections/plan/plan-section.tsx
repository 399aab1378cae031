import type { RateCard, SubscriptionState } from '@florin/sdk'
import { useBillingState, useRateCards } from '@florin/sdk/react'
import { useMemo, useRef, useState } from 'react'
import { usePortalContents } from '../../portal-context.ts'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'
import { type News, SectionNews } from '../../section-news.tsx'
import { SubscriptionNotices } from '../../subscription-notices.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import { CurrentPlan } from './current-plan.tsx'
import { PlanChoices } from './plan-choices.tsx'
import { sortOffers } from './plan-offers.ts'
import { StartDialog } from './start-dialog.tsx'

/** What somebody is about to do. */
type Intent =
  | { name: 'change'; subscription: SubscriptionState; card: RateCard }
  | { name: 'cancel'; subscription: SubscriptionState }
  | { name: 'start'; card: RateCard }

/** The customer's cards, and the ones they could have. */
export function PlanSection() {
  const { state } = useBillingState()
  const { rateCards, error } = useRateCards()
  const [intent, setIntent] = useState<Intent | null>(null)
  const [news, setNews] = useState<News | null>(null)
  const subscriptions = useMemo(() => state?.subscriptions.filter(({ status }) => status !== 'CANCELED') ?? [], [state])
  const { plans, additions } = useMemo(() => sortOffers(subscriptions, rateCards ?? []), [subscriptions, rateCards])
  const { announce } = usePortalContents()
  const notices = useRef<HTMLDivElement>(null)
  const close = () => setIntent(null)
  const begin = (next: Intent) => {
    setNews(null)
    setIntent(next)
  }
  const done = (told: News) => {
    close()
    setNews(told)
  }
  /** What is to come stands among the notices by itself, with the way to take it back. */
  const scheduled = (sentence: string) => {
    close()
    announce(sentence)
    requestAnimationFrame(() => notices.current?.focus())
  }
  return (
    <>
      <SectionHeading title="Plan" />
      {state && (rateCards || error) ? (
        <>
          <SectionNews news={news} />
          <SubscriptionNotices subscriptions={subscriptions} ref={notices} onChange={() => setNews(null)} />
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
      {intent?.name === 'change' && <ChangeDialog {...intent} onClose={close} onDone={done} onScheduled={scheduled} />}
      {intent?.name === 'start' && (
        <StartDialog card={intent.card} adds={plans.length > 0} onClose={close} onDone={done} />
      )}
      {intent?.name === 'cancel' && (
        <CancelDialog subscription={intent.subscription} onClose={close} onDone={done} onScheduled={scheduled} />
      )}
    </>
  )
}
