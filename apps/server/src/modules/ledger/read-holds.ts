import { amountOf, type Hold, type HoldStatus } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

/** A hold as the database has it. */
export interface StoredHold extends Hold {
  /** Who asked, and whose grants are held. */
  readonly customerPk: number
  readonly payerPk: number
  readonly properties: Readonly<Record<string, unknown>>
  readonly createdAt: number
  /** What was really used, once captured. */
  readonly captured: Hold['quantity'] | null
  readonly settledAt: number | null
}

interface Row {
  id: string
  customer_pk: number
  payer_pk: number
  meter_pk: number
  credit_type_pk: number
  status: HoldStatus
  quantity: string
  credits: string
  overage: string
  parts: [grantId: string, credits: string][]
  properties: Record<string, unknown> | null
  expires_at: number
  ttl_ms: number
  created_at: number
  captured: string | null
  settled_at: number | null
}

const COLUMNS = `h.id, h.customer_pk, h.payer_pk, h.meter_pk, h.credit_type_pk, h.status::text, h.quantity, h.credits, h.overage,
  h.parts, h.properties, h.expires_at, h.ttl_ms, h.created_at, h.captured, h.settled_at`

const EXPIRED = `from unnest($1::bigint[], $2::timestamptz[]) as w(payer_pk, now)
  join hold h on h.payer_pk = w.payer_pk and h.status = 'OPEN' and h.expires_at <= w.now`

const EXPIRED_HOLDS: Statement = { name: 'holds-expired', text: `select ${COLUMNS} ${EXPIRED}` }

// Overage that is reserved counts against the spend limit.
const LENT = `from hold h where h.payer_pk = any($1::bigint[]) and h.status = 'OPEN' and h.overage > 0`

const FOR_DECISIONS: Statement = {
  name: 'holds-for-decisions',
  text: `select ${COLUMNS} ${EXPIRED} union select ${COLUMNS} ${LENT}
         union select ${COLUMNS} from hold h where h.id = any($3::uuid[])`,
}

const OPEN_HOLDS: Statement = {
  name: 'holds-open',
  text: `select ${COLUMNS} from hold h where h.payer_pk = any($1::bigint[]) and h.status = 'OPEN' order by h.created_at, h.id`,
}

/** A customer and the instant that their project has come to. */
export type AsOf = readonly [customerPk: number, now: number]

/** Open holds of the customers' grants whose time is over. Race-free behind the customers' locks. */
export async function readExpiredHolds(tx: Transaction, asOf: readonly AsOf[]): Promise<StoredHold[]> {
  return (await tx.query<Row>(EXPIRED_HOLDS, asOfColumns(asOf))).map(toHold)
}

/** Holds that decisions need: those whose time is over, those that lend overage, and the ones that are named. */
export async function readHolds(
  tx: Transaction,
  asOf: readonly AsOf[],
  ids: readonly string[],
): Promise<Map<string, StoredHold>> {
  const rows = await tx.query<Row>(FOR_DECISIONS, [...asOfColumns(asOf), arrayOf(ids)])
  return new Map(rows.map((row) => [row.id, toHold(row)]))
}

/** Open holds of the customers' grants, oldest first: also those whose time is over, until somebody writes that down. */
export async function readOpenHolds(tx: Transaction, payerPks: readonly number[]): Promise<StoredHold[]> {
  return (await tx.query<Row>(OPEN_HOLDS, [arrayOf(payerPks)])).map(toHold)
}

function asOfColumns(asOf: readonly AsOf[]): unknown[] {
  return [arrayOf(asOf.map(([pk]) => pk)), arrayOf(asOf.map(([, now]) => new Date(now).toISOString()))]
}

function toHold(row: Row): StoredHold {
  return {
    id: row.id,
    customerPk: row.customer_pk,
    payerPk: row.payer_pk,
    meter: row.meter_pk,
    creditType: row.credit_type_pk,
    status: row.status,
    quantity: amountOf(row.quantity),
    credits: amountOf(row.credits),
    overage: amountOf(row.overage),
    parts: row.parts.map(([grantId, credits]) => ({ grantId, amount: amountOf(credits) })),
    properties: row.properties ?? {},
    expiresAt: row.expires_at,
    ttlMs: row.ttl_ms,
    createdAt: row.created_at,
    captured: row.captured === null ? null : amountOf(row.captured),
    settledAt: row.settled_at,
  }
}
