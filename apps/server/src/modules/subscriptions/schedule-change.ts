import { nowOf } from '../../platform/clock.ts'
import { type CommandKey, runCommand } from '../../platform/command.ts'
import { Fault } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Outcome } from '../payments/purpose.ts'
import { type CardChange, findChanging } from './change-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'

/** AT_PERIOD_END: nothing now; the card begins with the next period, and can be taken back until then. Throws CONFLICT. */
export async function scheduleChange(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  change: CardChange,
  key: CommandKey | null,
): Promise<Outcome> {
  if (change.from.card.currency !== change.to.card.currency) {
    throw new Fault(
      'CONFLICT',
      `a subscription in ${change.from.card.currency} can't change to a card in ${change.to.card.currency}`,
      'rateCard',
    )
  }
  const outcome = await runCommand(deps.database, key, async (tx) => {
    const { version } = await withAccount(tx, customerPk, nowOf(project), async (session) => {
      await findChanging(tx, customerPk, change)
      await tx.query(`update subscription set pending_card_pk = $2, pending_quantities = $3 where id = $1`, [
        change.subscriptionId,
        change.to.pk,
        JSON.stringify(change.quantities),
      ])
      session.touch()
    })
    return { subscriptionId: change.subscriptionId, version }
  })
  deps.pubsub.publish([{ key: customerPk, version: outcome.version }])
  return outcome
}
