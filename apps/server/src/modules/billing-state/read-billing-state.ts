import { type Batched, createBatcher } from '../../platform/batch.ts'
import { nowOf } from '../../platform/clock.ts'
import { arrayOf, type Database, type Statement, type Transaction } from '../../platform/database.ts'
import { notFound } from '../../platform/errors.ts'
import type { ReadCustomerKey } from '../accounts/read-customer-key.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { readLiveCommitments } from '../commitments/read-commitments.ts'
import { readAccountCredits } from '../invoices/read-account-credit.ts'
import { readAccounts } from '../ledger/load-accounts.ts'
import { readOpenHolds } from '../ledger/read-holds.ts'
import { readWatches } from '../ledger/read-watches.ts'
import { readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { isOverdue, readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { readAutoTopUps } from '../topups/read-auto-top-ups.ts'
import { readCurrentUsage } from '../usage/read-meter-usage.ts'
import { assembleBillingState, type BillingState, type CustomerFacts } from './assemble-billing-state.ts'

/** Reads a customer's billing state as committed when the read began. Throws NOT_FOUND. */
export type ReadBillingState = (project: Project, customerId: string) => Promise<BillingState>

export interface StateDeps {
  readonly database: Database
  readonly catalog: CatalogReader
  readonly customerKey: ReadCustomerKey
  /** Takes a customer over the end of a period that has come. */
  renewOverdue(projectId: string, customerPk: number): Promise<void>
}

interface Asked {
  readonly customerPk: number
  readonly customerId: string
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
    if (facts.subscriptions.some((subscription) => isOverdue(subscription, nowOf(project)))) {
      await deps.renewOverdue(project.id, customerPk)
      facts = await readFacts({ customerPk, customerId })
    }
    return assembleBillingState(facts, await catalogOf(deps.catalog, project, facts), nowOf(project))
  }
}

const CREDIT_TYPES: Statement = {
  name: 'billing-state-credit-types',
  text: `select distinct customer_pk, credit_type_pk from wallet where customer_pk = any($1::bigint[])`,
}

/** What the database says of customers, also inside a transaction that is going to be taken back. */
export async function readCustomerFacts(tx: Transaction, asked: readonly Asked[]): Promise<CustomerFacts[]> {
  const pks = [...new Set(asked.map(({ customerPk }) => customerPk))]
  const [accounts, subscriptions, usage, profiles, credits, topUps, holds, commitments, watches, types] =
    await Promise.all([
      readAccounts(tx, pks),
      readLiveSubscriptions(tx, pks),
      readCurrentUsage(tx, pks),
      readPaymentProfiles(tx, pks),
      readAccountCredits(tx, pks),
      readAutoTopUps(tx, pks),
      readOpenHolds(tx, pks),
      readLiveCommitments(tx, pks),
      readWatches(tx, pks),
      tx.query<{ customer_pk: number; credit_type_pk: number }>(CREDIT_TYPES, [arrayOf(pks)]),
    ])
  const creditTypes = new Map<number, number[]>()
  for (const row of types) {
    creditTypes.set(row.customer_pk, [...(creditTypes.get(row.customer_pk) ?? []), row.credit_type_pk])
  }
  return asked.map(({ customerPk, customerId }) => {
    const account = accounts.get(customerPk)
    if (!account) throw new Error(`customer ${customerPk} has no ledger`)
    return {
      customerPk,
      customerId,
      account,
      spendLimit: account.spendLimit,
      watches: watches.get(customerPk) ?? [],
      subscriptions: subscriptions.get(customerPk) ?? [],
      usage,
      creditTypes: creditTypes.get(customerPk) ?? [],
      paymentMethod: profiles.get(customerPk)?.method ?? null,
      commitments: commitments.get(customerPk) ?? [],
      autoTopUps: topUps.get(customerPk) ?? [],
      accountCredit: credits.get(customerPk) ?? null,
      holds: holds.filter(({ payerPk }) => payerPk === customerPk),
    }
  })
}

/** The catalogue, read again if it doesn't know what the customer has: another process may just have published it. */
async function catalogOf(reader: CatalogReader, project: Project, facts: CustomerFacts) {
  const catalog = await reader.read(project.id)
  const isKnown =
    facts.subscriptions.every(({ cardPk }) => catalog.versionsByPk.has(cardPk)) &&
    facts.creditTypes.every((pk) => catalog.creditTypesByPk.has(pk)) &&
    facts.autoTopUps.every(({ cardPk }) => catalog.versionsByPk.has(cardPk))
  return isKnown ? catalog : reader.fresh(project.id)
}
