import { nowOf } from '../../platform/clock.ts'
import { inLanes } from '../../platform/lanes.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { claimDueCustomers, type DueCustomer, releaseClaim } from '../subscriptions/settle-due-subscriptions.ts'
import { readDueAccounts } from './read-due-accounts.ts'
import { settleDueCustomer } from './settle-due-customer.ts'

const CLAIM = 50
const AT_ONCE = 4

/**
 * Does what is due in every project, until nothing is, or it is told to stop: what is begun by then is finished. Any number
 * of workers share the work.
 */
export async function settleDueWork(deps: SubscriptionDeps, stopped: () => boolean = () => false): Promise<void> {
  for (;;) {
    const claimed = stopped() ? [] : await claimDueCustomers(deps, CLAIM)
    if (claimed.length === 0) break
    await settleAll(deps, claimed, async (due) => releaseClaim(deps, due.customerPk))
  }
  if (!stopped()) await settleAll(deps, await readDueAccounts(deps))
}

/** A failure leaves a claim until it runs out: not at once again. */
async function settleAll(
  deps: SubscriptionDeps,
  customers: readonly DueCustomer[],
  done: (due: DueCustomer) => Promise<void> = async () => {},
): Promise<void> {
  await inLanes(customers, AT_ONCE, async (due) => {
    const { project, customerPk } = due
    try {
      await settleDueCustomer(deps, project, customerPk, nowOf(project))
      await done(due)
    } catch (error) {
      deps.log.warn({ err: error, customerPk }, 'due work of a customer failed; it is tried again')
    }
  })
}
