import type { SubscriptionState } from '@florin/sdk'
import { useBillingApi, useBillingState } from '@florin/sdk/react'
import { type ReactNode, type RefObject, useRef } from 'react'
import { formatDay, relativeDay } from '../days.ts'
import { ActionButton } from './action-button.tsx'
import { FaultMessage } from './fault-message.tsx'
import { usePortalContents } from './portal-context.ts'
import { adjustableRates, quantitiesBy } from './rate-card-words.ts'
import { useAction } from './use-action.ts'
import { useProjectNow } from './use-project-now.ts'

type SubscriptionNoticesProps = {
  subscriptions: readonly SubscriptionState[]
  /** Something was taken back from here. */
  onChange?: () => void
  ref?: RefObject<HTMLDivElement | null>
}

/**
 * What somebody has to know of a subscription before anything else: what is due, what ends, what changes. The place stays
 * when its notices go, so that the focus of a button that goes with them has somewhere to be.
 */
export function SubscriptionNotices({ subscriptions, onChange, ref }: SubscriptionNoticesProps) {
  const { state } = useBillingState()
  const ownPlace = useRef<HTMLDivElement>(null)
  const place = ref ?? ownPlace
  const taken = () => {
    place.current?.focus()
    onChange?.()
  }
  const pastDue = subscriptions.some(({ status }) => status === 'PAST_DUE' || status === 'INCOMPLETE')
  return (
    <div className="notices" ref={place} tabIndex={-1}>
      {state?.actionUrl && <ActionNotice url={state.actionUrl} pastDue={pastDue} />}
      {subscriptions.map((subscription) => (
        <SubscriptionNotice key={subscription.id} subscription={subscription} onTaken={taken} />
      ))}
    </div>
  )
}

function ActionNotice({ url, pastDue }: { url: string; pastDue: boolean }) {
  return (
    <div className="alert alert-bad">
      <p className="alert-text">
        <strong>{pastDue ? 'Your last payment did not go through.' : 'A payment needs you.'}</strong>{' '}
        {pastDue
          ? 'Your new credits come once it is paid. We try again by ourselves over the next days, or you can settle it now.'
          : 'Your bank or your card asks for a confirmation.'}
      </p>
      <a className="button button-primary button-small" href={url}>
        Settle it now
      </a>
    </div>
  )
}

function SubscriptionNotice({ subscription, onTaken }: { subscription: SubscriptionState; onTaken: () => void }) {
  const { portal } = usePortalContents()
  const now = useProjectNow()
  const { rateCard, pendingRateCard, cancelAtPeriodEnd, currentPeriodEnd, trialEndsAt, status } = subscription
  const day = (instant: string) => formatDay(instant, portal.timezone)
  if (cancelAtPeriodEnd) {
    return (
      <WithTakeBack
        subscription={subscription}
        onTaken={onTaken}
        done={`You keep ${rateCard.name}.`}
        label={`Keep ${rateCard.name}`}
      >
        <strong>
          {rateCard.name} ends on {day(currentPeriodEnd)}.
        </strong>{' '}
        Until then everything stays as it is, and you can change your mind.
      </WithTakeBack>
    )
  }
  if (pendingRateCard) {
    return (
      <WithTakeBack
        subscription={subscription}
        onTaken={onTaken}
        done={`Nothing changes: you stay on ${rateCard.name}.`}
        label="Take it back"
      >
        <strong>
          {pendingWords(subscription)} on {day(currentPeriodEnd)}.
        </strong>{' '}
        Until then everything stays as it is.
      </WithTakeBack>
    )
  }
  if (status === 'PAUSED') {
    const until = subscription.resumesAt ? ` until ${day(subscription.resumesAt)}` : ''
    return <p className="alert">{`${rateCard.name} is paused${until}. Nothing is charged meanwhile.`}</p>
  }
  if (status === 'TRIALING' && trialEndsAt) {
    return (
      <p className="alert">
        <span className="alert-text">
          <strong>
            Your trial of {rateCard.name} ends {relativeDay(trialEndsAt, now, portal.timezone)}
          </strong>
          , on {day(trialEndsAt)}. The first payment is due then; cancel before, and you pay nothing.
        </span>
      </p>
    )
  }
  return null
}

/** `Premium changes to Starter`, or `Seats change from 8 to 5`. */
function pendingWords({ rateCard, pendingRateCard, quantities, pendingQuantities }: SubscriptionState): string {
  if (!pendingRateCard || pendingRateCard.code !== rateCard.code) {
    return `${rateCard.name} changes to ${pendingRateCard?.name}`
  }
  const [now, then] = [quantitiesBy(quantities), quantitiesBy(pendingQuantities)]
  const rate = adjustableRates(rateCard, now).find(({ code }) => now[code] !== then[code])
  if (!rate) return `${rateCard.name} moves to its new version`
  return `${rate.name} of ${rateCard.name} change from ${now[rate.code]} to ${then[rate.code]}`
}

type WithTakeBackProps = {
  subscription: SubscriptionState
  label: string
  done: string
  onTaken: () => void
  children: ReactNode
}

function WithTakeBack({ subscription, label, done, onTaken, children }: WithTakeBackProps) {
  const api = useBillingApi()
  const { announce } = usePortalContents()
  const { busy, fault, run } = useAction()
  const takeBack = () =>
    run(async () => {
      await api.resumeSubscription(subscription.id)
      announce(done)
      onTaken()
    })
  return (
    <div className="alert alert-due">
      <p className="alert-text">{children}</p>
      <ActionButton kind="plain" small busy={busy} onClick={takeBack}>
        {label}
      </ActionButton>
      <FaultMessage fault={fault} />
    </div>
  )
}
