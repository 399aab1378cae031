import type { MeterUsage } from '@florin/core'
import { type Batched, createBatcher } from '../../platform/batch.ts'
import { type Database, isUnreachable, type Transaction } from '../../platform/database.ts'
import type { Announcement, Pubsub } from '../../platform/pubsub.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { announceGrants } from '../ledger/announce-grants.ts'
import { checkLineages, type InLineages, inLockOrder, type Lineages } from '../ledger/in-lineages.ts'
import { type LedgerRow, lockLedgers } from '../ledger/load-accounts.ts'
import { type BudgetsByCustomer, readBudgets } from '../ledger/read-budgets.ts'
import { readNamedHolds, readOpenHolds, type StoredHold } from '../ledger/read-holds.ts'
import { settleWatches } from '../ledger/settle-watches.ts'
import { type AccountWrite, writeAccounts } from '../ledger/write-accounts.ts'
import { reservedBy, returnBudgets, writeBudgets } from '../ledger/write-budgets.ts'
import { firstEnd, writeHolds } from '../ledger/write-holds.ts'
import { withEndedPeriods } from '../subscriptions/read-ended-periods.ts'
import { readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { afterRenewals, type RenewOverdue, refuseOverdue } from './after-renewals.ts'
import { announceLimits } from './announce-limits.ts'
import { type CustomerUsage, openCustomer } from './customer-usage.ts'
import { decideHold } from './decide-hold.ts'
import { decideUsage } from './decide-usage.ts'
import type { Lineage } from './event-step.ts'
import { heldIn, rateFeeds, readSeen, type SubscriptionsOf, withOtherPeriods } from './rate-feeds.ts'
import { ownerOf, type UsageKey } from './read-meter-usage.ts'
import { answerKey, readStoredAnswers, type StoredAnswer } from './read-stored-answers.ts'
import { createRecallCustomers, type RecallCustomers } from './recall-customers.ts'
import type { SpendAnswer, SpendRequest } from './spend-request.ts'
import { type DecidedEvent, writeUsage } from './write-usage.ts'

/** Spends usage through group commit: concurrent requests share a transaction, a hot customer costs one lock a batch. */
export type SpendUsage = Batched<readonly SpendRequest[], readonly SpendAnswer[]>

interface SpendDeps {
  readonly database: Database
  readonly pubsub: Pubsub
  readonly catalog: CatalogReader
  readonly renewOverdue: RenewOverdue
  readonly inLineages: InLineages
  /** Told, after the commit, whose balance has fallen to where they want more credits bought. Returns at once. */
  buyCredits(customerPks: readonly number[]): void
}

// One batch in flight: a second one only makes each smaller, and they wait for each other's rows. Measured in bench/.
const OPTIONS = { concurrency: 1, capacity: 2_000 }

export function createSpendUsage(deps: SpendDeps): SpendUsage {
  const { database, pubsub, catalog, renewOverdue, inLineages, buyCredits } = deps
  const recall = createRecallCustomers()
  return createBatcher(
    OPTIONS,
    async (calls: readonly (readonly SpendRequest[])[]) => {
      const requests = calls.flat()
      const askers = [...new Set(requests.map(({ customerPk }) => customerPk))]
      const batch = await afterRenewals(renewOverdue, () =>
        inLineages(askers, (lineages) =>
          database.transaction((tx) => spendBatch(tx, catalog, recall, { requests, lineages })),
        ),
      )
      recall.remember(batch.customers, batch.watches, batch.rewatched)
      if (batch.moved.length > 0) pubsub.publish(batch.moved)
      if (batch.needCredits.length > 0) buyCredits(batch.needCredits)
      return splitLike(calls, batch.answers)
    },
    (call) => call.length,
    // A database that is gone is not asked again for each of the calls that wait.
    isUnreachable,
  )
}

interface Batch {
  readonly requests: readonly SpendRequest[]
  readonly lineages: Lineages
}

async function spendBatch(tx: Transaction, catalog: CatalogReader, recall: RecallCustomers, batch: Batch) {
  const { requests: asked, lineages } = batch
  const members = membersOf(batch)
  const asOf = new Map(members.map(({ customerPk, now }) => [customerPk, now]))
  const customerPks = inLockOrder(lineages)
  const wanted = wantedHolds(batch)
  const holdIds = wanted.filter(({ id, line }) => !recall.hasHold(line, id)).map(({ id }) => id)
  const [rows, live, stored, named] = await Promise.all([
    lockLedgers(tx, customerPks),
    readLiveSubscriptions(tx, customerPks),
    readStoredAnswers(tx, asked),
    readNamedHolds(tx, holdIds),
  ])
  checkLineages(lineages, rows)
  refuseOverdue(members, live)
  // Open holds matter where one may have run out, and where the overage that they reserve counts against a limit.
  const withHolds = rows.filter(
    ({ customerPk, spendLimit, holdDueAt }) => spendLimit !== null || isDue(holdDueAt, asOf.get(customerPk)),
  )
  const [{ accounts, watches, usage: current, holds: recalled }, open] = await Promise.all([
    recall(tx, rows, live),
    readOpenHolds(
      tx,
      withHolds.map(({ customerPk }) => customerPk),
    ),
  ])
  const now = (customerPk: number) => asOf.get(customerPk) as number
  const budgets = await currentBudgets(tx, rows, open, now)
  const subscriptions = await withPeriodsOfLateUsage(tx, asked, lineages, live)
  const requests = await withKnownCards(catalog, asked, lineages, subscriptions)
  const rated = rateFeeds(requests, lineages, subscriptions)
  const usage = byCustomer(await withOtherPeriods(tx, rated, current))
  const seen = await readSeen(tx, rated)
  const holds = new Map([...recalled, ...named, ...open].map((hold) => [hold.id, hold]))
  // Remembered of another version, and so not recalled.
  const missing = wanted.map(({ id }) => id).filter((id) => !holds.has(id))
  for (const hold of await readNamedHolds(tx, missing)) holds.set(hold.id, hold)
  const facts = { subscriptions, usage, seen, holds: byPayer(holds.values()), budgets }
  const customers = [...accounts].map(([pk, account]) => openCustomer(pk, account, facts, now(pk)))
  const { answers, decided } = decideInOrder(requests, linesOf(lineages, customers), stored)
  const recounted = new Set(withHolds.map(({ customerPk }) => customerPk))
  const writes = customers.map((customer) => toWrite(customer, recounted))
  writeAccounts(tx, writes)
  const isHeard = rows.some((row) => row.isHeard)
  const holdChanges = customers.flatMap((customer) => customer.holdChanges())
  writeHolds(tx, holdChanges, isHeard)
  writeBudgets(
    tx,
    customers.flatMap((customer) => customer.budgetChanges()),
    now,
  )
  writeUsage(tx, customers, decided)
  await announceGrants(tx, writes)
  if (isHeard) await announceLimits(tx, customers, now)
  const { needCredits, changed: rewatched } = settleWatches(tx, writes, watches, now)
  const moved: Announcement[] = writes
    .filter(({ before, after }) => before.version !== after.version)
    .map(({ customerPk, after }) => ({ key: customerPk, version: after.version }))
  return { answers, moved, needCredits, customers, watches, rewatched }
}

/** Holds that the requests name, with the customers who may be paying for them. */
function wantedHolds({ requests, lineages }: Batch): { id: string; line: readonly number[] }[] {
  return requests.flatMap(({ operation, hold, customerPk }) =>
    hold && operation !== 'createHold'
      ? [{ id: hold.id, line: [customerPk, ...(lineages.get(customerPk) ?? [])] }]
      : [],
  )
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

function isDue(holdDueAt: number | null, now: number | undefined): boolean {
  return holdDueAt !== null && now !== undefined && holdDueAt <= now
}

/** What is to be written of a customer. `recounted`: those of whom all open holds were read, so that the first end is known. */
function toWrite(customer: CustomerUsage, recounted: ReadonlySet<number>): AccountWrite {
  const { customerPk, before, account: after, entries } = customer
  const first = firstEnd(customer.holdsKnown())
  const holdDueAt = recounted.has(customerPk) ? first : earlier(before.holdDueAt, first)
  return { customerPk, before, after, entries, holdDueAt }
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
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

function decideInOrder(
  requests: readonly SpendRequest[],
  lines: ReadonlyMap<number, Lineage>,
  stored: Map<string, StoredAnswer>,
): { answers: SpendAnswer[]; decided: DecidedEvent[] } {
  const decided: DecidedEvent[] = []
  const answers = requests.map((request): SpendAnswer => {
    const key = answerKey(request)
    const known = stored.get(key)
    if (known) return replay(known, request)
    const line = lines.get(request.customerPk) as Lineage
    const answer = request.hold ? decideHold(line, request, request.hold) : decideUsage(line, request)
    if (answer.status === 'RECORDED' || answer.status === 'REFUSED') {
      const { status, result } = answer
      decided.push({ request, status, result })
      // The same key again in this batch is a repeat already.
      stored.set(key, { status, result, inputHash: request.inputHash })
    }
    return answer
  })
  return { answers, decided }
}

function replay(known: StoredAnswer, request: SpendRequest): SpendAnswer {
  if (known.inputHash !== request.inputHash) return { status: 'CONFLICT' }
  return { status: known.status, replayed: true, result: known.result }
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

function splitLike<Item>(calls: readonly (readonly unknown[])[], items: readonly Item[]): Item[][] {
  let start = 0
  return calls.map(({ length }) => {
    start += length
    return items.slice(start - length, start)
  })
}
