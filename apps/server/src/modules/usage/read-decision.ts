import { checkKey } from '../../platform/command.ts'
import type { Database } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import { readCustomerId } from '../accounts/read-customer.ts'
import type { ReadCustomerKey } from '../accounts/read-customer-key.ts'
import type { Project } from '../accounts/viewer.ts'
import type { Catalog, CatalogReader } from '../catalog/read-catalog.ts'
import { type DecidedUsage, describeDecision } from './describe-decision.ts'
import type { StoredResult } from './spend-request.ts'

/** Operations whose keys keep a decision, by the name that the API has for them. */
export const DECIDING = {
  CONSUME: 'consume',
  CREATE_HOLD: 'createHold',
  EXTEND_HOLD: 'extendHold',
} as const

export type DecidingOperation = keyof typeof DECIDING

export interface DecisionQuery {
  customerId: string
  idempotencyKey: string
  operation?: DecidingOperation | null | undefined
}

/** A decision of the past, and what it looked at. */
export interface PastDecision extends DecidedUsage {
  readonly customerId: string
  readonly operation: DecidingOperation
  readonly key: string
  readonly at: number
  readonly properties: unknown
  /** The pool that it drew on; null: no card rated the meter. */
  readonly creditType: string | null
  /** Whose pool it is, in a tree; else the customer's own. */
  readonly payerId: string
  /** Their version that it was decided on; null if it is not known any more. */
  readonly version: number | null
  readonly text: string
}

interface Row {
  operation: (typeof DECIDING)[DecidingOperation]
  status: 'RECORDED' | 'REFUSED' | 'VOIDED'
  properties: unknown
  timestamp: number
  result: StoredResult
}

/** Why a key was answered as it was. Throws NOT_FOUND, and CONFLICT where the key names decisions of several operations. */
export async function readDecision(
  deps: { database: Database; catalog: CatalogReader; customerKey: ReadCustomerKey },
  project: Project,
  { customerId, idempotencyKey, operation }: DecisionQuery,
): Promise<PastDecision> {
  const key = checkKey(idempotencyKey)
  const customerPk = await deps.customerKey(project, customerId)
  if (customerPk === null) throw notFound('customer', customerId, 'customerId', 'create it with upsertCustomer')
  const operations = operation ? [DECIDING[operation]] : Object.values(DECIDING)
  const rows = await deps.database.query<Row>(
    `select operation, status, properties, timestamp, result from usage_event
     where customer_pk = $1 and operation = any($2::text[]) and key = $3 and result ? 'decision'`,
    [customerPk, operations, key],
  )
  const [row, another] = rows
  if (!row)
    throw notFound('decision', key, 'idempotencyKey', 'recordUsage decides nothing: what it drew is in the ledger')
  if (another) throw new Fault('CONFLICT', `several operations have decided "${key}": name one`, 'operation')
  const catalog = await deps.catalog.read(project.id)
  const decided = decidedBy(row)
  return {
    ...decided,
    customerId,
    operation: nameOf(row.operation),
    key,
    at: row.timestamp,
    properties: row.properties,
    creditType: creditTypeOf(row.result, catalog),
    payerId: row.result.payer ? await readCustomerId(deps.database, row.result.payer.pk) : customerId,
    version: versionOf(row),
    text: describeDecision(decided, catalog),
  }
}

function decidedBy({ status, result }: Row): DecidedUsage {
  const { decision, draws } = result
  if (!decision) throw new Error('a decision was stored without itself')
  const { meter = null, quantity = null } = decision.asked ?? draws[0] ?? {}
  return { decision, meter, quantity, voided: status === 'VOIDED' }
}

function creditTypeOf({ decision, draws, hold }: StoredResult, catalog: Catalog): string | null {
  const { asked } = decision ?? {}
  const meter = asked && catalog.meters.get(asked.meter)
  const rate = asked?.card && meter && catalog.versionsByPk.get(asked.card.pk)?.ratesByMeter.get(meter.pk)
  const rated = rate && catalog.creditTypesByPk.get(rate.creditType)?.code
  return rated ?? draws[0]?.creditType ?? hold?.creditType ?? null
}

/** What was allowed made a version of its own; a refusal moved nothing. A void has put its own version over the first. */
function versionOf({ status, result }: Row): number | null {
  if (status === 'VOIDED') return null
  const { version } = result.payer ?? result
  return status === 'REFUSED' ? version : version - 1
}

function nameOf(operation: Row['operation']): DecidingOperation {
  return (Object.keys(DECIDING) as DecidingOperation[]).find(
    (name) => DECIDING[name] === operation,
  ) as DecidingOperation
}
