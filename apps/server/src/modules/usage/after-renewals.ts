import { isOverdue, type Subscription } from '../subscriptions/read-subscriptions.ts'

/** Something to be decided about a customer, as of the project's now. */
interface Decision {
  readonly projectId: string
  readonly customerPk: number
  readonly now: number
}

/** Takes a customer over the end of a period that has come. */
export type RenewOverdue = (projectId: string, customerPk: number) => Promise<void>

/** Periods have ended whose renewal has not run: it comes before any of these decisions. */
class Overdue extends Error {
  constructor(readonly decisions: readonly Decision[]) {
    super('renewals are overdue')
  }
}

/** Runs what calls `refuseOverdue` inside a transaction; where that refuses, renews and runs it again. */
export async function afterRenewals<Result>(
  renewOverdue: RenewOverdue,
  decide: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await decide()
    } catch (error) {
      if (!(error instanceof Overdue)) throw error
      const overdue = new Map(error.decisions.map(({ customerPk, projectId }) => [customerPk, projectId]))
      await Promise.all([...overdue].map(([pk, projectId]) => renewOverdue(projectId, pk)))
    }
  }
}

/** Throws, to be caught by `afterRenewals`, if a customer's renewal has to come first. */
export function refuseOverdue(
  decisions: readonly Decision[],
  subscriptions: ReadonlyMap<number, readonly Subscription[]>,
): void {
  const overdue = decisions.filter(({ customerPk, now }) =>
    subscriptions.get(customerPk)?.some((subscription) => isOverdue(subscription, now)),
  )
  if (overdue.length > 0) throw new Overdue(overdue)
}
