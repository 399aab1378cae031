import { amountOf, type Hold, type HoldStatus, type Reservation } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

/** A hold as the database has it. */
export interface StoredHold extends Hold {
  /** Who asked, and whose grants are held. */
  readonly customerPk: number
  readonly payerPk: number
  /** What it has reserved of budgets, from who asked up to whose grants are held. */
  readonly budgets: readonly HeldBudget[]
  readonly properties: Readonly<Record<string, unknown>>
  readonly createdAt: number
  /** What was really used, once captured. */
  readonly captured: Hold['quantity'] | null
  readonly settledAt: number | null
}

export interface HeldBudget extends Reservation {
  readonly customerPk: number
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
  budgets: [customerPk: number, start: number, credits: string][]
  properties: Record<string, unknown> | null
  expires_at: number
  ttl_ms: number
  created_at: number
  captured: string | null
  settled_at: number | null
}

const COLUMNS = `h.id, h.customer_pk, h.payer_pk, h.meter_pk, h.credit_type_pk, h.status::text, h.quantity, h.credits, h.overage,
  h.parts, h.budgets, h.properties, h.expires_at, h.ttl_ms, h.created_at, h.captured, h.settled_at`

const NAMED_HOLDS: Statement = {
  name: 'holds-named',
  text: `select ${COLUMNS} from hold h where h.id = any($1::uuid[])`,
}

const OPEN_HOLDS: Statement = {
  name: 'holds-open',
  text: `select ${COLUMNS} from unnest($1::bigint[]) as w(payer_pk)
         cross join lateral (select * from hold o where o.payer_pk = w.payer_pk and o.status = 'OPEN') h
         order by h.created_at, h.id`,
}

/** Holds that are named outright, whatever became of them. */
export async function readNamedHolds(tx: Transaction, ids: readonly string[]): Promise<StoredHold[]> {
  return ids.length === 0 ? [] : (await tx.query<Row>(NAMED_HOLDS, [arrayOf(ids)])).map(toHold)
}

/** Open holds of the customers' grants, oldest first: also those whose time is over, until somebody writes that down. */
export async function readOpenHolds(tx: Transaction, payerPks: readonly number[]): Promise<StoredHold[]> {
  return payerPks.length === 0 ? [] : (await tx.query<Row>(OPEN_HOLDS, [arrayOf(payerPks)])).map(toHold)
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
    budgets: row.budgets.map(([customerPk, start, credits]) => ({ customerPk, start, credits: amountOf(credits) })),
    properties: row.properties ?? {},
    expiresAt: row.expires_at,
    ttlMs: row.ttl_ms,
    createdAt: row.created_at,
    captured: row.captured === null ? null : amountOf(row.captured),
    settledAt: row.settled_at,
  }
}
