import { type Batched, createBatcher } from '../../platform/batch.ts'
import { nowOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { notFound } from '../../platform/errors.ts'
import type { ReadCustomerKey } from '../accounts/read-customer-key.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { isOverdue } from '../subscriptions/read-subscriptions.ts'
import { assembleBillingState, type BillingState, type CustomerFacts } from './assemble-billing-state.ts'
import { type Asked, readCustomerFacts } from './read-customer-facts.ts'

/** Reads a customer's billing state as committed when the read began. Throws NOT_FOUND. */
export type ReadBillingState = (project: Project, customerId: string) => Promise<BillingState>

export interface StateDeps {
  readonly database: Database
  readonly catalog: CatalogReader
  readonly customerKey: ReadCustomerKey
  /** Takes a customer over the end of a period that has come. */
  renewOverdue(projectId: string, customerPk: number): Promise<void>
}

const OPTIONS = { concurrency: 3, capacity: 500 }

/** Reads that arrive together share one snapshot. */
export function createReadBillingState(deps: StateDeps): ReadBillingState {
  const readFacts: Batched<Asked, CustomerFacts> = createBatcher(OPTIONS, (asked) =>
    deps.database.snapshot((tx) => readCustomerFacts(tx, asked)),
  )
  return async (project, customerId) => {
    const customerPk = await deps.customerKey(project, customerId)
    if (customerPk === null) throw notFound('customer', customerId, 'customerId', 'create it with upsertCustomer')
    let facts = await readFacts({ customerPk, customerId })
    const overdue = [facts, ...facts.ancestors].filter(({ subscriptions }) =>
      subscriptions.some((subscription) => isOverdue(subscription, nowOf(project))),
    )
    if (overdue.length > 0) {
      await Promise.all(overdue.map((member) => deps.renewOverdue(project.id, member.customerPk)))
      facts = await readFacts({ customerPk, customerId })
    }
    return assembleBillingState(facts, await catalogOf(deps.catalog, project, facts), nowOf(project))
  }
}

/** The catalogue, read again if it doesn't know what the customer has: another process may just have published it. */
async function catalogOf(reader: CatalogReader, project: Project, facts: CustomerFacts) {
  const catalog = await reader.read(project.id)
  const isKnown =
    [facts, ...facts.ancestors].every(({ subscriptions }) =>
      subscriptions.every(({ cardPk }) => catalog.versionsByPk.has(cardPk)),
    ) &&
    facts.creditTypes.every((pk) => catalog.creditTypesByPk.has(pk)) &&
    facts.autoTopUps.every(({ cardPk }) => catalog.versionsByPk.has(cardPk))
  return isKnown ? catalog : reader.fresh(project.id)
}
