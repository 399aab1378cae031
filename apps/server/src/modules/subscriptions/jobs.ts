import { inLanes } from '../../platform/lanes.ts'
import type { SubscriptionDeps } from './deps.ts'
import { claimDueCustomers, settleClaimed } from './settle-due-subscriptions.ts'

const CLAIM = 50
const AT_ONCE = 4

/**
 * Renews, collects and ends what is due in every project, until nothing is, or it is told to stop: what is claimed by then is
 * finished. Any number of workers share the work.
 */
export async function settleDueWork(deps: SubscriptionDeps, stopped: () => boolean = () => false): Promise<void> {
  while (!stopped()) {
    const claimed = await claimDueCustomers(deps, CLAIM)
    if (claimed.length === 0) return
    await inLanes(claimed, AT_ONCE, (due) =>
      settleClaimed(deps, due).catch((error: unknown) =>
        deps.log.warn({ err: error, customerPk: due.customerPk }, 'due work of a customer failed; it is tried again'),
      ),
    )
  }
}
