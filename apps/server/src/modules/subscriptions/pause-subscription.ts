import { nowOf } from '../../platform/clock.ts'
import { Fault, invalidInput } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { SubscriptionDeps } from './deps.ts'
import { findSubscription, readSubscription, type SubscriptionView } from './read-subscription.ts'
import { NOT_CANCELED, readLiveSubscription } from './read-subscriptions.ts'
import { renewOverdue } from './settle-due-subscriptions.ts'

export interface PauseSubscriptionInput {
  subscriptionId: string
  /** Epoch milliseconds, after the period's end; left out: when somebody resumes it. */
  resumesAt?: number | null | undefined
}

/**
 * Lets a subscription rest from the end of its period on: what was paid for is kept until then, nothing is charged or granted
 * while it rests, and its card rates no usage. Throws NOT_FOUND, INVALID_INPUT, CONFLICT.
 */
export async function pauseSubscription(
  deps: SubscriptionDeps,
  viewer: Viewer,
  input: PauseSubscriptionInput,
): Promise<SubscriptionView> {
  const { project } = viewer
  const found = await findSubscription(deps.database, viewer, input.subscriptionId)
  await renewOverdue(deps, project.id, found.customerPk)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, found.customerPk, nowOf(project), async (session) => {
      const subscription = await readLiveSubscription(tx, found.customerPk, found.id)
      if (!subscription) throw new Fault('CONFLICT', 'this subscription has ended', 'subscriptionId')
      if (subscription.status === 'PAUSED') throw new Fault('CONFLICT', 'this subscription is paused', 'subscriptionId')
      if (subscription.openInvoiceId) {
        throw new Fault('CONFLICT', 'a payment of this subscription is due: settle it first', 'subscriptionId')
      }
      const resumesAt = checkResumesAt(input.resumesAt ?? null, subscription.currentPeriodEnd)
      await tx.query(
        `update subscription set pause_at_period_end = true, resumes_at = $2, ${NOT_CANCELED} where id = $1`,
        [found.id, resumesAt],
      )
      session.touch()
    }),
  )
  deps.pubsub.publish([{ key: found.customerPk, version }])
  return readSubscription(deps, viewer, input.subscriptionId)
}

function checkResumesAt(resumesAt: number | null, periodEnd: number): Date | null {
  if (resumesAt === null) return null
  if (Number.isNaN(resumesAt))
    throw invalidInput('resumesAt', 'resumesAt is not an instant such as "2027-01-31T00:00:00Z"')
  if (resumesAt <= periodEnd) {
    const end = new Date(periodEnd).toISOString()
    throw invalidInput('resumesAt', `resumesAt must be after the period's end, ${end}: the pause begins then`)
  }
  return new Date(resumesAt)
}
