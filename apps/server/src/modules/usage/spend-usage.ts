import type { MeterUsage } from '@florin/core'
import { type Batched, createBatcher } from '../../platform/batch.ts'
import { type Database, isUnreachable, type Transaction } from '../../platform/database.ts'
import type { Announcement, Pubsub } from '../../platform/pubsub.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { announceGrants } from '../ledger/announce-grants.ts'
import { lockLedgers } from '../ledger/load-accounts.ts'
import { readNamedHolds, readOpenHolds } from '../ledger/read-holds.ts'
import { settleWatches } from '../ledger/settle-watches.ts'
import { type AccountWrite, writeAccounts } from '../ledger/write-accounts.ts'
import { firstEnd, writeHolds } from '../ledger/write-holds.ts'
import { withEndedPeriods } from '../subscriptions/read-ended-periods.ts'
import { readLiveSubscriptions, type Subscription } from '../subscriptions/read-subscriptions.ts'
import { afterRenewals, type RenewOverdue, refuseOverdue } from './after-renewals.ts'
import { type CustomerUsage, openCustomer } from './customer-usage.ts'
import { decideHold } from './decide-hold.ts'
import { decideUsage } from './decide-usage.ts'
import { rateMeter } from './rate-meter.ts'
import { ownerOf, readNamedUsage, type UsageKey, usageKey } from './read-meter-usage.ts'
import { answerKey, readStoredAnswers, type StoredAnswer } from './read-stored-answers.ts'
import { readSeenValues, type ValueKey } from './read-unique-values.ts'
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
  /** Told, after the commit, whose balance has fallen to where they want more credits bought. Returns at once. */
  buyCredits(customerPks: readonly number[]): void
}

// One batch in flight: a second one only makes each smaller, and they wait for each other's rows. Measured in bench/.
const OPTIONS = { concurrency: 1, capacity: 2_000 }

export function createSpendUsage(deps: SpendDeps): SpendUsage {
  const { database, pubsub, catalog, renewOverdue, buyCredits } = deps
  const recall = createRecallCustomers()
  return createBatcher(
    OPTIONS,
    async (calls: readonly (readonly SpendRequest[])[]) => {
      const requests = calls.flat()
      const batch = await afterRenewals(renewOverdue, () =>
        database.transaction((tx) => spendBatch(tx, catalog, recall, requests)),
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

async function spendBatch(
  tx: Transaction,
  catalog: CatalogReader,
  recall: RecallCustomers,
  asked: readonly SpendRequest[],
) {
  const asOf = new Map(asked.map(({ customerPk, now }) => [customerPk, now]))
  const customerPks = [...asOf.keys()]
  const holdIds = asked.flatMap(({ operation, hold }) => (hold && operation !== 'createHold' ? [hold.id] : []))
  const [rows, live, stored, named] = await Promise.all([
    lockLedgers(tx, customerPks),
    readLiveSubscriptions(tx, customerPks),
    readStoredAnswers(tx, asked),
    readNamedHolds(tx, holdIds),
  ])
  refuseOverdue(asked, live)
  // Open holds matter where one may have run out, and where the overage that they reserve counts against a limit.
  const withHolds = rows.filter(
    ({ customerPk, spendLimit, holdDueAt }) => spendLimit !== null || isDue(holdDueAt, asOf.get(customerPk)),
  )
  const [{ accounts, watches, usage: current }, open] = await Promise.all([
    recall(tx, rows, live),
    readOpenHolds(
      tx,
      withHolds.map(({ customerPk }) => customerPk),
    ),
  ])
  const subscriptions = await withPeriodsOfLateUsage(tx, asked, live)
  const requests = await withKnownCards(catalog, asked, subscriptions)
  const usage = byCustomer(await withOtherPeriods(tx, requests, subscriptions, current))
  const seen = await readSeen(tx, requests, subscriptions)
  const holds = new Map([...named, ...open].map((hold) => [hold.id, hold]))
  const facts = { subscriptions, usage, seen, holds }
  const customers = [...accounts].map(([pk, account]) => openCustomer(pk, account, facts, asOf.get(pk) as number))
  const { answers, decided } = decideInOrder(
    requests,
    new Map(customers.map((customer) => [customer.customerPk, customer])),
    stored,
  )
  const recounted = new Set(withHolds.map(({ customerPk }) => customerPk))
  const writes = customers.map((customer) => toWrite(customer, recounted))
  writeAccounts(tx, writes)
  writeHolds(
    tx,
    customers.flatMap(({ changedHolds }) => [...changedHolds.values()]),
  )
  writeUsage(tx, customers, decided)
  await announceGrants(tx, writes)
  const { needCredits, changed: rewatched } = settleWatches(tx, writes, watches, (pk) => asOf.get(pk) as number)
  const moved: Announcement[] = writes
    .filter(({ before, after }) => before.version !== after.version)
    .map(({ customerPk, after }) => ({ key: customerPk, version: after.version }))
  return { answers, moved, needCredits, customers, watches, rewatched }
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
  customers: ReadonlyMap<number, CustomerUsage>,
  stored: Map<string, StoredAnswer>,
): { answers: SpendAnswer[]; decided: DecidedEvent[] } {
  const decided: DecidedEvent[] = []
  const answers = requests.map((request): SpendAnswer => {
    const key = answerKey(request)
    const known = stored.get(key)
    if (known) return replay(known, request)
    const customer = customers.get(request.customerPk)
    if (!customer) throw new Error(`customer ${request.customerPk} has no ledger`)
    const answer = request.hold ? decideHold(customer, request, request.hold) : decideUsage(customer, request)
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
  subscriptions: ReadonlyMap<number, readonly Subscription[]>,
): Promise<readonly SpendRequest[]> {
  const isKnown = (request: SpendRequest) =>
    (subscriptions.get(request.customerPk) ?? []).every(({ cardPk }) => request.catalog.versionsByPk.has(cardPk))
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
  live: ReadonlyMap<number, readonly Subscription[]>,
): Promise<ReadonlyMap<number, readonly Subscription[]>> {
  const late = requests.filter(({ customerPk, timestamp }) =>
    live.get(customerPk)?.some(({ currentPeriodStart }) => timestamp < currentPeriodStart),
  )
  if (late.length === 0) return live
  const theirs = new Map(late.map(({ customerPk }) => [customerPk, live.get(customerPk) ?? []]))
  const since = Math.min(...late.map(({ timestamp }) => timestamp))
  return new Map([...live, ...(await withEndedPeriods(tx, theirs, since))])
}

/** Late events need what their own periods counted: read only when a batch has one. */
async function withOtherPeriods(
  tx: Transaction,
  requests: readonly SpendRequest[],
  subscriptions: ReadonlyMap<number, readonly Subscription[]>,
  current: Map<UsageKey, MeterUsage>,
): Promise<Map<UsageKey, MeterUsage>> {
  const others = requests.flatMap(({ customerPk, feeds, catalog, timestamp, now }) =>
    feeds.flatMap(({ meter }) => {
      const own = subscriptions.get(customerPk) ?? []
      const rating = rateMeter(own, catalog.versionsByPk, meter, timestamp, now)
      if (!rating || rating.periodStart === rating.subscription.currentPeriodStart) return []
      return [{ customerPk, meterPk: meter.pk, periodStart: rating.periodStart }]
    }),
  )
  if (others.length === 0) return current
  const unique = new Map(others.map((other) => [usageKey(other.customerPk, other.meterPk, other.periodStart), other]))
  for (const [key, usage] of await readNamedUsage(tx, [...unique.values()])) current.set(key, usage)
  return current
}

const NOTHING: ReadonlySet<ValueKey> = new Set()

/** What UNIQUE meters have seen: read only when a batch has something for them. */
async function readSeen(
  tx: Transaction,
  requests: readonly SpendRequest[],
  subscriptions: ReadonlyMap<number, readonly Subscription[]>,
): Promise<ReadonlySet<ValueKey>> {
  if (!requests.some(({ feeds }) => feeds.some(({ digest }) => digest !== null))) return NOTHING
  const values = requests.flatMap(({ customerPk, feeds, catalog, timestamp, now }) =>
    feeds.flatMap(({ meter, digest }) => {
      if (digest === null) return []
      const rating = rateMeter(subscriptions.get(customerPk) ?? [], catalog.versionsByPk, meter, timestamp, now)
      return rating ? [{ customerPk, meterPk: meter.pk, periodStart: rating.periodStart, digest }] : []
    }),
  )
  return readSeenValues(tx, values)
}

function splitLike<Item>(calls: readonly (readonly unknown[])[], items: readonly Item[]): Item[][] {
  let start = 0
  return calls.map(({ length }) => {
    start += length
    return items.slice(start - length, start)
  })
}
