import type { SubscriptionState } from '@florin/sdk'
import { CancelDialog } from './cancel-dialog.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import { StartDialog } from './start-dialog.tsx'
import type { PlanEndings, PlanIntent } from './use-plan-intent.ts'

type PlanDialogProps = PlanEndings & { intent: PlanIntent; subscriptions: readonly SubscriptionState[] }

/** The question that belongs to what somebody is about to do, about the subscription as it is by now. */
export function PlanDialog({ intent, subscriptions, ...endings }: PlanDialogProps) {
  if (intent.name === 'start') {
    const { onClose, onDone } = endings
    return <StartDialog card={intent.card} adds={subscriptions.length > 0} onClose={onClose} onDone={onDone} />
  }
  const subscription = subscriptions.find(({ id }) => id === intent.subscription.id) ?? intent.subscription
  if (intent.name === 'cancel') return <CancelDialog subscription={subscription} {...endings} />
  return <ChangeDialog subscription={subscription} card={intent.card} {...endings} />
}
