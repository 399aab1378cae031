import type { MeterUsage } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { checkLineages, inLockOrder, type Lineages } from '../ledger/in-lineages.ts'
import { type LedgerRow, lockLedgers } from '../ledger/load-accounts.ts'
import { type BudgetsByCustomer, readBudgets } from '../ledger/read-budgets.ts'
import { readNamedHolds, readOpenHolds, type StoredHold } from '../ledger/read-holds.ts'
import type { StoredWatch } from '../ledger/read-watches.ts'
import { reservedBy, returnBudgets } from '../ledger/write-budgets.ts'
import { withEndedPeriods } from '../subscriptions/read-ended-periods.ts'
import { readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { refuseOverdue } from './after-renewals.ts'
import { type CustomerUsage, openCustomer } from './customer-usage.ts'
import type { Lineage } from './event-step.ts'
import { heldIn, rateFeeds, readSeen, type SubscriptionsOf, withOtherPeriods } from './rate-feeds.ts'
import { ownerOf, type UsageKey } from './read-meter-usage.ts'
import { readStoredAnswers, type StoredAnswer } from './read-stored-answers.ts'
import type { RecallCustomers } from './recall-customers.ts'
import type { SpendRequest } from './spend-request.ts'

/** Requests that share a transaction, and who stands above those who ask. */
export interface Batch {
  readonly requests: readonly SpendRequest[]
  readonly lineages: Lineages
}

export interface BatchDeps {
  readonly catalog: CatalogReader
  readonly recall: RecallCustomers
}

/** A batch whose customers are locked, with all that its decisions need. */
export interface LockedBatch {
  readonly requests: readonly SpendRequest[]
  /** What keys were answered before; grows with the batch. */
  readonly stored: Map<string, StoredAnswer>
  readonly customers: readonly CustomerUsage[]
  /** By who asks: themselves, and all who stand above them. */
  readonly lines: ReadonlyMap<number, Lineage>
  readonly watches: Map<number, readonly StoredWatch[]>
  /** Customers of whom all open holds were read. */
  readonly recounted: ReadonlySet<number>
  readonly isHeard: boolean
  now(customerPk: number): number
}

/** Locks the customers of a batch and reads, or recalls, what its decisions need. Three packets at most; one where all is known. */
export async function lockBatch(tx: Transaction, { catalog, recall }: BatchDeps, batch: Batch): Promise<LockedBatch> {
  const { requests: asked, lineages } = batch
  const members = membersOf(batch)
  const asOf = new Map(members.map(({ customerPk, now }) => [customerPk, now]))
  const now = (customerPk: number) => asOf.get(customerPk) as number
  const wanted = wantedHolds(batch)
  const [rows, live, stored, named] = await Promise.all([
    lockLedgers(tx, inLockOrder(lineages)),
    readLiveSubscriptions(tx, [...asOf.keys()]),
    readStoredAnswers(tx, asked),
    readNamedHolds(
      tx,
      wanted.filter(({ id, line }) => !recall.hasHold(line, id)).map(({ id }) => id),
    ),
  ])
  checkLineages(lineages, rows)
  refuseOverdue(members, live)
  // Open holds matter where one may have run out, and where the overage that they reserve counts against a limit.
  const recounted = rows
    .filter((row) => row.spendLimit !== null || (row.holdDueAt !== null && row.holdDueAt <= now(row.customerPk)))
    .map(({ customerPk }) => customerPk)
  const [recalled, open] = await Promise.all([recall(tx, rows, live), readOpenHolds(tx, recounted)])
  const budgets = await currentBudgets(tx, rows, open, now)
  const subscriptions = await withPeriodsOfLateUsage(tx, asked, lineages, live)
  const requests = await withKnownCards(catalog, asked, lineages, subscriptions)
  const rated = rateFeeds(requests, lineages, subscriptions)
  const usage = byCustomer(await withOtherPeriods(tx, rated, recalled.usage))
  const seen = await readSeen(tx, rated)
  const holds = byPayer(await withMissing(tx, wanted, [...recalled.holds, ...named, ...open]))
  const facts = { subscriptions, usage, seen, holds, budgets }
  const customers = [...recalled.accounts].map(([pk, account]) => openCustomer(pk, account, facts, now(pk)))
  return {
    requests,
    stored,
    customers,
    lines: linesOf(lineages, customers),
    watches: recalled.watches,
    recounted: new Set(recounted),
    isHeard: rows.some((row) => row.isHeard),
    now,
  }
}

interface WantedHold {
  readonly id: string
  readonly line: readonly number[]
}

/** Holds that the requests name, with the customers who may be paying for them. */
function wantedHolds({ requests, lineages }: Batch): WantedHold[] {
  return requests.flatMap(({ operation, hold, customerPk }) =>
    hold && operation !== 'createHold'
      ? [{ id: hold.id, line: [customerPk, ...(lineages.get(customerPk) ?? [])] }]
      : [],
  )
}

/** A hold that was remembered of another version was not recalled: it is read. */
async function withMissing(
  tx: Transaction,
  wanted: readonly WantedHold[],
  found: readonly StoredHold[],
): Promise<Iterable<StoredHold>> {
  const holds = new Map(found.map((hold) => [hold.id, hold]))
  const missing = wanted.map(({ id }) => id).filter((id) => !holds.has(id))
  for (const hold of await readNamedHolds(tx, missing)) holds.set(hold.id, hold)
  return holds.values()
}

function byPayer(holds: Iterable<StoredHold>): Map<number, Map<string, StoredHold>> {
  const found = new Map<number, Map<string, StoredHold>>()
  for (const hold of holds) {
    const own = found.get(hold.payerPk)
    if (own) own.set(hold.id, hold)
    else found.set(hold.payerPk, new Map([[hold.id, hold]]))
  }
  return found
}

/** Who asks, and all who stand above them: each is locked, and as far as the newest of the requests. */
function membersOf({ requests, lineages }: Batch) {
  return requests.flatMap(({ projectId, customerPk, now }) =>
    [customerPk, ...(lineages.get(customerPk) ?? [])].map((pk) => ({ projectId, customerPk: pk, now })),
  )
}

function linesOf(lineages: Lineages, customers: readonly CustomerUsage[]): Map<number, Lineage> {
  const byPk = new Map(customers.map((customer) => [customer.customerPk, customer]))
  const find = (pk: number) => {
    const customer = byPk.get(pk)
    if (!customer) throw new Error(`customer ${pk} has no ledger`)
    return customer
  }
  return new Map([...lineages].map(([pk, ancestors]) => [pk, [find(pk), ...ancestors.map(find)]]))
}

const NO_BUDGETS: BudgetsByCustomer = new Map()

/** Budgets are read only where somebody has one; what holds that have run out reserved is given back before. */
async function currentBudgets(
  tx: Transaction,
  rows: readonly LedgerRow[],
  open: readonly StoredHold[],
  now: (customerPk: number) => number,
): Promise<BudgetsByCustomer> {
  returnBudgets(tx, reservedBy(open.filter(({ payerPk, expiresAt }) => expiresAt <= now(payerPk))))
  const owners = rows.flatMap(({ customerPk, hasBudgets }) => (hasBudgets ? [customerPk] : []))
  return owners.length === 0 ? NO_BUDGETS : readBudgets(tx, owners)
}

function byCustomer(usage: ReadonlyMap<UsageKey, MeterUsage>): Map<number, Map<UsageKey, MeterUsage>> {
  const found = new Map<number, Map<UsageKey, MeterUsage>>()
  for (const [key, counted] of usage) {
    const owner = ownerOf(key)
    const own = found.get(owner)
    if (own) own.set(key, counted)
    else found.set(owner, new Map([[key, counted]]))
  }
  return found
}

/** A card that another process published a moment ago may be in force before this one's catalogue has it. */
async function withKnownCards(
  catalog: CatalogReader,
  requests: readonly SpendRequest[],
  lineages: Lineages,
  subscriptions: SubscriptionsOf,
): Promise<readonly SpendRequest[]> {
  const isKnown = ({ customerPk, catalog: { versionsByPk } }: SpendRequest) =>
    heldIn(lineages, subscriptions, customerPk).every(({ cardPk }) => versionsByPk.has(cardPk))
  if (requests.every(isKnown)) return requests
  return Promise.all(
    requests.map(async (request) =>
      isKnown(request) ? request : { ...request, catalog: await catalog.fresh(request.projectId) },
    ),
  )
}

/** Late events belong to periods that have ended: read only when a batch has one. */
async function withPeriodsOfLateUsage(
  tx: Transaction,
  requests: readonly SpendRequest[],
  lineages: Lineages,
  live: SubscriptionsOf,
): Promise<SubscriptionsOf> {
  const late = requests.filter(({ customerPk, timestamp }) =>
    heldIn(lineages, live, customerPk).some(({ currentPeriodStart }) => timestamp < currentPeriodStart),
  )
  if (late.length === 0) return live
  const pks = late.flatMap(({ customerPk }) => [customerPk, ...(lineages.get(customerPk) ?? [])])
  const theirs = new Map(pks.map((pk) => [pk, live.get(pk) ?? []]))
  const since = Math.min(...late.map(({ timestamp }) => timestamp))
  return new Map([...live, ...(await withEndedPeriods(tx, theirs, since))])
}
