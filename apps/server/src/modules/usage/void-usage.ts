import { amountOf } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey } from '../../platform/command.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import type { Announcement, Pubsub } from '../../platform/pubsub.ts'
import type { ReadCustomerKey } from '../accounts/read-customer-key.ts'
import type { Project } from '../accounts/viewer.ts'
import { readLineages } from '../ledger/in-lineages.ts'
import { readVersions } from '../ledger/load-accounts.ts'
import { reverseEntries } from '../ledger/reverse-entries.ts'
import { type AccountSession, sessionOf, withAccounts } from '../ledger/with-account.ts'
import { type ReturnedCredits, returnBudgets } from '../ledger/write-budgets.ts'
import { readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { afterRenewals, type RenewOverdue, refuseOverdue } from './after-renewals.ts'
import { type RecordedUsage, toRecordedUsage } from './recorded-usage.ts'
import type { Operation, StoredDraw, StoredResult } from './spend-request.ts'
import { uncountUsage } from './uncount-usage.ts'

export interface VoidDeps {
  readonly database: Database
  readonly pubsub: Pubsub
  readonly customerKey: ReadCustomerKey
  readonly renewOverdue: RenewOverdue
}

/** An event of `consume`, `recordUsage` or `captureHold` (its key is the hold's id), of one project and customer. */
interface EventKey {
  readonly project: Project
  readonly customerPk: number
  readonly key: string
  readonly now: number
}

/**
 * Gives back what one event drew, once, to the grants that it came from: whoever asks again gets the first answer, and the
 * event sent again draws nothing. Throws NOT_FOUND, and CONFLICT where nothing was drawn or where the key names two events.
 */
export async function voidUsage(
  deps: VoidDeps,
  project: Project,
  input: { customerId: string; idempotencyKey: string },
): Promise<RecordedUsage> {
  const key = checkKey(input.idempotencyKey)
  const customerPk = await deps.customerKey(project, input.customerId)
  if (customerPk === null) throw notFound('customer', input.customerId, 'customerId')
  const { result, moved } = await afterRenewals(deps.renewOverdue, () =>
    voidBehindLocks(deps.database, { project, customerPk, key, now: nowOf(project) }, [customerPk]),
  )
  deps.pubsub.publish(moved)
  return toRecordedUsage(key, { status: 'VOIDED', replayed: false, result })
}

/** Whom the event concerns stands in its answer: where that is more than the asker, all are locked, and it begins again. */
async function voidBehindLocks(
  database: Database,
  event: EventKey,
  customerPks: readonly number[],
): Promise<{ result: StoredResult; moved: Announcement[] }> {
  const { result, changes } = await database.transaction((tx) =>
    withAccounts(tx, customerPks, event.now, (sessions) => voidEvent(tx, sessions, event)),
  )
  if ('concerns' in result) return voidBehindLocks(database, event, result.concerns)
  return {
    result: result.voided,
    moved: changes.map(({ customerPk, after }) => ({ key: customerPk, version: after.version })),
  }
}

async function voidEvent(
  tx: Transaction,
  sessions: ReadonlyMap<number, AccountSession>,
  event: EventKey,
): Promise<{ voided: StoredResult } | { concerns: readonly number[] }> {
  const { project, customerPk, key, now } = event
  const { operation, status, timestamp, result } = await findEvent(tx, event)
  if (status === 'VOIDED') return { voided: result }
  const payments = paymentsOf(customerPk, result)
  const concerns = concernedBy(payments)
  if (concerns.some((pk) => !sessions.has(pk))) return { concerns }
  const decisions = concerns.map((pk) => ({ projectId: project.id, customerPk: pk, now }))
  refuseOverdue(decisions, await readLiveSubscriptions(tx, concerns))
  for (const { payerPk, levels, version, draws } of payments) {
    await reverseEntries(tx, sessionOf(sessions, payerPk), { customerPk: payerPk, key, version }, now)
    uncountUsage(tx, { projectId: project.id, payerPk, levels, timestamp, draws })
    returnBudgets(tx, draws.flatMap(countedBy))
  }
  const payers = new Set(payments.map(({ payerPk }) => payerPk))
  for (const pk of concerns) if (!payers.has(pk)) sessionOf(sessions, pk).touch()
  const voided = { ...result, version: await versionOf(tx, sessions, customerPk) }
  tx.send(
    `update usage_event set status = 'VOIDED', result = $4 where customer_pk = $1 and operation = $2 and key = $3`,
    [customerPk, operation, key, JSON.stringify(voided)],
  )
  return { voided }
}

/** What one customer paid of an event, and whom it counted for. */
interface Payment {
  readonly payerPk: number
  readonly levels: readonly number[]
  readonly version: number
  readonly draws: readonly StoredDraw[]
}

/** From the farthest payer down to the asker, as everybody locks them. */
function concernedBy(payments: readonly Payment[]): readonly number[] {
  return payments
    .map(({ levels }) => levels)
    .reduce((a, b) => (a.length < b.length ? b : a))
    .toReversed()
}

function paymentsOf(askerPk: number, { draws, version }: StoredResult): Payment[] {
  const payments = new Map<number, Payment>()
  for (const draw of draws) {
    const levels = draw.path?.levels.map(({ pk }) => pk) ?? [askerPk]
    const payerPk = levels.at(-1) ?? askerPk
    const known = payments.get(payerPk)
    payments.set(payerPk, {
      payerPk,
      levels,
      version: draw.path?.version ?? known?.version ?? version,
      draws: [...(known?.draws ?? []), draw],
    })
  }
  return [...payments.values()]
}

function countedBy({ path }: StoredDraw): ReturnedCredits[] {
  if (!path) return []
  const { creditType, levels } = path
  return levels.flatMap(({ pk: customerPk, start, credits }) =>
    start === undefined || credits === undefined
      ? []
      : [{ customerPk, creditType, start, credits: amountOf<'credits'>(credits) }],
  )
}

/** The version of the asker's billing state. */
async function versionOf(
  tx: Transaction,
  sessions: ReadonlyMap<number, AccountSession>,
  customerPk: number,
): Promise<number> {
  const { account, parentPk } = sessionOf(sessions, customerPk)
  if (parentPk === null) return account.version
  const ancestors = (await readLineages(tx, [customerPk])).get(customerPk) ?? []
  const others = await readVersions(
    tx,
    ancestors.filter((pk) => !sessions.has(pk)),
  )
  const version = (pk: number) => sessions.get(pk)?.account.version ?? others.get(pk) ?? 0
  return [customerPk, ...ancestors].reduce((sum, pk) => sum + version(pk), 0)
}

interface EventRow {
  operation: Operation
  status: 'RECORDED' | 'REFUSED' | 'VOIDED'
  timestamp: number
  result: StoredResult
}

/** The one event that the key names; of two, the one that was voided already, so that a retry gets its answer. */
async function findEvent(tx: Transaction, { customerPk, key }: EventKey): Promise<EventRow> {
  const events = await tx.query<EventRow>(
    `select operation, status, timestamp, result from usage_event
     where customer_pk = $1 and operation in ('consume', 'recordUsage', 'captureHold') and key = $2`,
    [customerPk, key],
  )
  if (events.length === 0) throw notFound('usage event', key, 'idempotencyKey')
  const voided = events.find(({ status }) => status === 'VOIDED')
  const [recorded, another] = events.filter(({ status }) => status === 'RECORDED')
  const event = voided ?? recorded
  if (!event) throw conflict(`the consume "${key}" was refused: it drew nothing`)
  if (!voided && another)
    throw conflict(`consume and recordUsage have both recorded "${key}": it can't say which to void`)
  return event
}

function conflict(message: string): Fault {
  return new Fault('CONFLICT', message, 'idempotencyKey')
}
