import type { MeterUsage } from '@florin/core'
import { type Batched, createBatcher } from '../../platform/batch.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import type { Announcement, Pubsub } from '../../platform/pubsub.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { lockAccounts } from '../ledger/load-accounts.ts'
import { readHolds } from '../ledger/read-holds.ts'
import { readWatches } from '../ledger/read-watches.ts'
import { settleWatches } from '../ledger/settle-watches.ts'
import { writeAccounts } from '../ledger/write-accounts.ts'
import { writeHolds } from '../ledger/write-holds.ts'
import { withEndedPeriods } from '../subscriptions/read-ended-periods.ts'
import { readLiveSubscriptions, type Subscription } from '../subscriptions/read-subscriptions.ts'
import { afterRenewals, type RenewOverdue, refuseOverdue } from './after-renewals.ts'
import { type CustomerUsage, openCustomer } from './customer-usage.ts'
import { decideHold } from './decide-hold.ts'
import { decideUsage } from './decide-usage.ts'
import { rateMeter } from './rate-meter.ts'
import { readCurrentUsage, readNamedUsage, type UsageKey, usageKey } from './read-meter-usage.ts'
import { answerKey, readStoredAnswers, type StoredAnswer } from './read-stored-answers.ts'
import { readSeenValues, type ValueKey } from './read-unique-values.ts'
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
  return createBatcher(
    OPTIONS,
    async (calls: readonly (readonly SpendRequest[])[]) => {
      const requests = calls.flat()
      const { answers, moved, needCredits } = await afterRenewals(renewOverdue, () =>
        database.transaction((tx) => spendBatch(tx, catalog, requests)),
      )
      if (moved.length > 0) pubsub.publish(moved)
      if (needCredits.length > 0) buyCredits(needCredits)
      return splitLike(calls, answers)
    },
    (call) => call.length,
  )
}

async function spendBatch(tx: Transaction, catalog: CatalogReader, asked: readonly SpendRequest[]) {
  const customerPks = [...new Set(asked.map(({ customerPk }) => customerPk))]
  const asOf = new Map(asked.map(({ customerPk, now }) => [customerPk, now]))
  const holdIds = asked.flatMap(({ operation, hold }) => (hold && operation !== 'createHold' ? [hold.id] : []))
  const [accounts, live, current, stored, holds, watches] = await Promise.all([
    lockAccounts(tx, customerPks),
    readLiveSubscriptions(tx, customerPks),
    readCurrentUsage(tx, customerPks),
    readStoredAnswers(tx, asked),
    readHolds(tx, [...asOf], holdIds),
    readWatches(tx, customerPks),
  ])
  refuseOverdue(asked, live)
  const subscriptions = await withPeriodsOfLateUsage(tx, asked, live)
  const requests = await withKnownCards(catalog, asked, subscriptions)
  const usage = await withOtherPeriods(tx, requests, subscriptions, current)
  const seen = await readSeen(tx, requests, subscriptions)
  const facts = { subscriptions, usage, seen, holds }
  const customers = new Map(
    [...accounts].map(([pk, account]) => [pk, openCustomer(pk, account, facts, asOf.get(pk) as number)]),
  )
  const { answers, decided } = decideInOrder(requests, customers, stored)
  const writes = [...customers.values()].map(({ customerPk, before, account, entries }) => ({
    customerPk,
    before,
    after: account,
    entries,
  }))
  writeAccounts(tx, writes)
  writeHolds(
    tx,
    [...customers.values()].flatMap(({ changedHolds }) => [...changedHolds.values()]),
  )
  writeUsage(tx, [...customers.values()], decided)
  const needCredits = settleWatches(tx, writes, watches, (pk) => asOf.get(pk) as number)
  const moved: Announcement[] = writes
    .filter(({ before, after }) => before.version !== after.version)
    .map(({ customerPk, after }) => ({ key: customerPk, version: after.version }))
  return { answers, moved, needCredits }
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
