import type { Project } from '../accounts/viewer.ts'
import { readDueCommitment, settleDueCommitments } from '../commitments/settle-due-commitments.ts'
import { readDueAccount, settleDueAccounts } from '../ledger/settle-due-accounts.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { readDueSubscription, settleDueSubscriptions } from '../subscriptions/settle-due-subscriptions.ts'
import { readUntoldTrial, tellTrialEnd } from '../subscriptions/tell-trial-end.ts'
import { readDueTopUps } from '../topups/read-due-top-ups.ts'
import { settleDueTopUps } from '../topups/settle-due-top-ups.ts'

/** A kind of thing that falls due for a customer by itself. */
interface DueWork {
  /** The earliest instant, up to the one given, at which something of the kind is due; null: nothing. */
  next(deps: SubscriptionDeps, customerPk: number, until: number): Promise<number | null>
  /** Does what is due at the instant or before it, as of its own time. */
  settle(deps: SubscriptionDeps, project: Project, customerPk: number, at: number): Promise<void>
}

// Of what is due at the same instant, the first comes first: a period ends with what its grants have come to, and credits are
// bought when the next allowance is still not enough.
const KINDS: readonly DueWork[] = [
  { next: readDueAccount, settle: (deps, _, customerPk, at) => settleDueAccounts(deps, customerPk, at) },
  { next: readUntoldTrial, settle: tellTrialEnd },
  { next: readDueSubscription, settle: settleDueSubscriptions },
  { next: readDueCommitment, settle: settleDueCommitments },
  { next: readDueTopUps, settle: settleDueTopUps },
]

/**
 * Does all that is due for one customer up to an instant, in order of time, each as of its own time: a worker that was down
 * for months, and a sandbox clock that jumps, end in the same place as one that never slept.
 */
export async function settleDueCustomer(
  deps: SubscriptionDeps,
  project: Project,
  customerPk: number,
  until: number,
): Promise<void> {
  for (;;) {
    const dues = await Promise.all(KINDS.map(({ next }) => next(deps, customerPk, until)))
    const at = Math.min(...dues.map((due) => due ?? Number.POSITIVE_INFINITY))
    if (at === Number.POSITIVE_INFINITY) return
    await KINDS[dues.indexOf(at)]?.settle(deps, project, customerPk, at)
  }
}
