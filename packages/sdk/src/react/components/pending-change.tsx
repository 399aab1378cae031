import type { SubscriptionState } from '../../client/types.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import { ActionButton } from './action-button.tsx'

interface PendingChangeProps {
  readonly subscription: SubscriptionState
  readonly busy: boolean
  readonly onKeep: (subscription: SubscriptionState) => void
  readonly texts: Texts
}

/** What the end of the period brings, and the way to take it back. */
export function PendingChange({ subscription, busy, onKeep, texts: { labels, formats } }: PendingChangeProps) {
  const { pendingRateCard, cancelAtPeriodEnd, currentPeriodEnd, rateCard } = subscription
  if (!pendingRateCard && !cancelAtPeriodEnd) return null
  const date = formats.date(currentPeriodEnd)
  const { pricing } = labels
  return (
    <div className="florin-pending">
      <p>{pendingRateCard ? pricing.pending(pendingRateCard.name, date) : pricing.ends(rateCard.name, date)}</p>
      <ActionButton kind="plain" busy={busy} onClick={() => onKeep(subscription)}>
        {pricing.keep(rateCard.name)}
      </ActionButton>
    </div>
  )
}
