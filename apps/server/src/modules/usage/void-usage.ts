import { nowOf } from '../../platform/clock.ts'
import { checkKey } from '../../platform/command.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import type { ReadCustomerKey } from '../accounts/read-customer-key.ts'
import type { Project } from '../accounts/viewer.ts'
import { reverseEntries } from '../ledger/reverse-entries.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import { readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { afterRenewals, type RenewOverdue, refuseOverdue } from './after-renewals.ts'
import { type RecordedUsage, toRecordedUsage } from './recorded-usage.ts'
import type { Operation, StoredResult } from './spend-request.ts'
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
  const event = { project, customerPk, key }
  const now = nowOf(project)
  const { result, version } = await afterRenewals(deps.renewOverdue, () =>
    deps.database.transaction((tx) =>
      withAccount(tx, customerPk, now, (session) => voidEvent(tx, session, event, now)),
    ),
  )
  deps.pubsub.publish([{ key: customerPk, version }])
  return toRecordedUsage(key, { status: 'VOIDED', replayed: false, result })
}

async function voidEvent(
  tx: Transaction,
  session: AccountSession,
  event: EventKey,
  now: number,
): Promise<StoredResult> {
  const { project, customerPk, key } = event
  const { operation, status, timestamp, result } = await findEvent(tx, event)
  if (status === 'VOIDED') return result
  refuseOverdue([{ projectId: project.id, customerPk, now }], await readLiveSubscriptions(tx, [customerPk]))
  await reverseEntries(tx, session, { customerPk, key, version: result.version }, now)
  uncountUsage(tx, { projectId: project.id, customerPk, timestamp, draws: result.draws })
  const voided = { ...result, version: session.account.version }
  tx.send(
    `update usage_event set status = 'VOIDED', result = $4 where customer_pk = $1 and operation = $2 and key = $3`,
    [customerPk, operation, key, JSON.stringify(voided)],
  )
  return voided
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
