import { type Batched, createBatcher } from '../../platform/batch.ts'
import { type Database, isUnreachable, type Transaction } from '../../platform/database.ts'
import type { Announcement, Pubsub } from '../../platform/pubsub.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { announceGrants } from '../ledger/announce-grants.ts'
import type { InLineages } from '../ledger/in-lineages.ts'
import { settleWatches } from '../ledger/settle-watches.ts'
import { type AccountWrite, writeAccounts } from '../ledger/write-accounts.ts'
import { writeBudgets } from '../ledger/write-budgets.ts'
import { firstEnd, writeHolds } from '../ledger/write-holds.ts'
import { afterRenewals, type RenewOverdue } from './after-renewals.ts'
import { announceLimits } from './announce-limits.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { decideHold } from './decide-hold.ts'
import { decideUsage } from './decide-usage.ts'
import type { Lineage } from './event-step.ts'
import { type Batch, type BatchDeps, type LockedBatch, lockBatch } from './lock-batch.ts'
import { answerKey, type StoredAnswer } from './read-stored-answers.ts'
import { createRecallCustomers } from './recall-customers.ts'
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
          database.transaction((tx) => spendBatch(tx, { catalog, recall }, { requests, lineages })),
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

async function spendBatch(tx: Transaction, deps: BatchDeps, batch: Batch) {
  const locked = await lockBatch(tx, deps, batch)
  const { customers, watches, now, isHeard } = locked
  const { answers, decided } = decideInOrder(locked)
  const writes = customers.map((customer) => toWrite(customer, locked.recounted))
  writeAccounts(tx, writes)
  writeHolds(
    tx,
    customers.flatMap((customer) => customer.holdChanges()),
    isHeard,
  )
  writeBudgets(
    tx,
    customers.flatMap((customer) => customer.budgetChanges()),
    now,
  )
  writeUsage(tx, customers, decided)
  await announceGrants(tx, writes)
  if (isHeard) await announceLimits(tx, customers, now)
  const { needCredits, changed: rewatched } = settleWatches(tx, writes, watches, now, shortOf(decided))
  const moved: Announcement[] = writes
    .filter(({ before, after }) => before.version !== after.version)
    .map(({ customerPk, after }) => ({ key: customerPk, version: after.version }))
  return { answers, moved, needCredits, customers, watches, rewatched }
}

/** Who has fewer credits than were asked for, in a tree whoever pays. */
function shortOf(decided: readonly DecidedEvent[]): ReadonlySet<number> {
  const short = decided.filter(({ result }) => result.decision?.reason === 'INSUFFICIENT_CREDITS')
  return new Set(short.map(({ request, result }) => result.payer?.pk ?? request.customerPk))
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

function decideInOrder({ requests, lines, stored }: LockedBatch): { answers: SpendAnswer[]; decided: DecidedEvent[] } {
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

function splitLike<Item>(calls: readonly (readonly unknown[])[], items: readonly Item[]): Item[][] {
  let start = 0
  return calls.map(({ length }) => {
    start += length
    return items.slice(start - length, start)
  })
}
