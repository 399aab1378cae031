import { chargeLines } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { type CommandKey, runCommand } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import { quoteInvoice } from '../invoices/quote-invoice.ts'
import { withAccount } from '../ledger/with-account.ts'
import { refuseUncollectable } from '../payments/collect-payment.ts'
import type { Outcome } from '../payments/purpose.ts'
import { type CardChange, findChanging } from './change-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'
import { NOT_CANCELED } from './read-subscriptions.ts'

/**
 * AT_PERIOD_END: nothing now; the card begins with the next period, and can be taken back until then. It takes the place of
 * a cancellation or a pause that waits for the same moment. Throws CONFLICT.
 */
export async function scheduleChange(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  change: CardChange,
  key: CommandKey | null,
): Promise<Outcome> {
  const catalog = await deps.catalog.read(project.id)
  const now = nowOf(project)
  const outcome = await runCommand(deps.database, key, async (tx) => {
    const { version } = await withAccount(tx, customerPk, now, async (session) => {
      await findChanging(tx, customerPk, catalog, change, now)
      await refuseUncollectableRenewal(tx, customerPk, change)
      await scheduleWithin(tx, change)
      session.touch()
    })
    return { subscriptionId: change.subscriptionId, version }
  })
  deps.pubsub.publish([{ key: customerPk, version: outcome.version }])
  return outcome
}

/** Writes down the change that waits, in the caller's transaction. */
export async function scheduleWithin(tx: Transaction, { subscriptionId, to, quantities }: CardChange): Promise<void> {
  await tx.query(
    `update subscription set pending_card_pk = $2, pending_quantities = $3, ${NOT_CANCELED},
       pause_at_period_end = false where id = $1`,
    [subscriptionId, to.pk, JSON.stringify(quantities)],
  )
}

/** A renewal that no card can be charged for is refused while it can still be changed. */
async function refuseUncollectableRenewal(
  tx: Transaction,
  customerPk: number,
  { to, quantities }: CardChange,
): Promise<void> {
  const lines = chargeLines({ card: to.card, quantities })
  const { total } = await quoteInvoice(tx, { customerPk, currency: to.card.currency, lines })
  refuseUncollectable(total)
}
