import { formatMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { type GrantState, storeGrant } from '../ledger/grant-state.ts'
import { GRANT_COLUMNS, type GrantRow, toGrant } from '../ledger/load-accounts.ts'

/** Money that goes back. Amounts as text with the currency's decimals. */
export interface RefundView {
  readonly id: string
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED'
  readonly amount: string
  readonly currency: string
  readonly reason: string | null
  readonly failure: string | null
  readonly createdAt: number
}

export interface DisputeView {
  readonly id: string
  readonly status: 'OPEN' | 'WON' | 'LOST'
  readonly amount: string
  readonly currency: string
  readonly reason: string | null
  readonly createdAt: number
}

export type PaymentState =
  | 'PENDING'
  | 'PROCESSING'
  | 'SUCCEEDED'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED'
  | 'FAILED'
  | 'RETURNED'

/** A payment as the API shows it. */
export interface PaymentView {
  readonly id: string
  readonly status: PaymentState
  readonly amount: string
  readonly currency: string
  readonly refunded: string
  readonly refundable: string
  readonly overRefunded: string
  /** What it pays for, in words. */
  readonly purpose: string
  readonly grant: GrantState | null
  readonly invoiceId: string | null
  readonly refunds: readonly RefundView[]
  readonly disputes: readonly DisputeView[]
  readonly createdAt: number
}

interface ReversalRow {
  id: string
  status: string
  amount_minor: string
  currency: string
  reason: string | null
  failure: string | null
  created_at: string
}

interface Row {
  id: string
  status: 'PENDING' | 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDING' | 'REFUNDED'
  amount_minor: number
  currency: string
  refunded_minor: number
  over_refunded_minor: number
  /** What of the invoice credit notes have not given back; null without an invoice. */
  uncredited_minor: string | null
  description: string
  invoice_id: string | null
  created_at: number
  refunds: ReversalRow[]
  disputes: ReversalRow[]
}

// Numbers travel inside JSON as text: a JSON number is a float.
const reversals = (table: 'refund' | 'dispute', failure: string) => `(
  select coalesce(json_agg(json_build_object('id', r.id, 'status', r.status, 'amount_minor', r.amount_minor::text,
    'currency', r.currency, 'reason', r.reason, 'failure', ${failure}, 'created_at', r.created_at) order by r.id), '[]')
  from ${table} r where r.payment_id = y.id)`

/** A customer's payments, newest first. */
export async function readPayments(
  tx: Pick<Transaction, 'query'>,
  query: { customerPk: number; take: number; before: string | null },
): Promise<PaymentView[]> {
  const rows = await tx.query<Row>(
    `select y.id, y.status::text, y.amount_minor, y.currency, y.refunded_minor, y.over_refunded_minor, y.description,
       y.outcome->>'invoiceId' as invoice_id, y.created_at, ${reversals('refund', 'r.failure')} as refunds,
       ${reversals('dispute', 'null')} as disputes, (
         select i.total_minor - (select coalesce(sum(n.amount_minor), 0) from credit_note n where n.invoice_id = i.id)
         from invoice i where i.id = (y.outcome->>'invoiceId')::uuid)::text as uncredited_minor
     from payment y where y.customer_pk = $1 and ($2::uuid is null or y.id < $2) order by y.id desc limit $3`,
    [query.customerPk, query.before, query.take],
  )
  const ids = rows.map(({ id }) => id)
  const grants = await tx.query<GrantRow & { payment_id: string }>(
    `select ${GRANT_COLUMNS}, payment_id from "grant" where payment_id = any($1::uuid[])`,
    [ids],
  )
  const byPayment = new Map(grants.map((row) => [row.payment_id, storeGrant(toGrant(row))]))
  return rows.map((row) => toView(row, byPayment.get(row.id) ?? null))
}

export async function readRefund(tx: Pick<Transaction, 'query'>, id: string): Promise<RefundView> {
  const [row] = await tx.query<Omit<ReversalRow, 'created_at'> & { created_at: number }>(
    `select id, status::text, amount_minor::text, currency, reason, failure, created_at from refund where id = $1`,
    [id],
  )
  if (!row) throw new Error(`refund ${id} is missing`)
  return toReversal({ ...row, created_at: new Date(row.created_at).toISOString() }) as RefundView
}

function toView(row: Row, grant: GrantState | null): PaymentView {
  const money = (minor: bigint) => formatMoney({ minor, currency: row.currency })
  return {
    id: row.id,
    status: stateOf(row),
    amount: money(BigInt(row.amount_minor)),
    currency: row.currency,
    refunded: money(BigInt(row.refunded_minor)),
    refundable: money(refundableOf(row)),
    overRefunded: money(BigInt(row.over_refunded_minor)),
    purpose: row.description,
    grant,
    invoiceId: row.invoice_id,
    refunds: row.refunds.map((refund) => toReversal(refund) as RefundView),
    disputes: row.disputes.map((dispute) => toReversal(dispute) as DisputeView),
    createdAt: row.created_at,
  }
}

function stateOf({ status, amount_minor, refunded_minor }: Row): PaymentState {
  if (status === 'REFUNDING' || status === 'REFUNDED') return 'RETURNED'
  if (status !== 'SUCCEEDED' || refunded_minor === 0) return status
  return refunded_minor === amount_minor ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
}

/**
 * What `refundPayment` would still take: refunds on their way count, and a payment in dispute has nothing to refund. One that was
 * returned has something only where its return is among its refunds, because it failed.
 */
function refundableOf({ status, amount_minor, uncredited_minor, refunds, disputes }: Row): bigint {
  const isReturned = status === 'REFUNDED' && refunds.length > 0
  if ((status !== 'SUCCEEDED' && !isReturned) || disputes.some((dispute) => dispute.status === 'OPEN')) return 0n
  const taken = [
    ...refunds.filter((refund) => refund.status !== 'FAILED'),
    ...disputes.filter((dispute) => dispute.status === 'LOST'),
  ].reduce((sum, reversal) => sum + BigInt(reversal.amount_minor), 0n)
  const [paid, uncredited] = [BigInt(amount_minor), BigInt(uncredited_minor ?? amount_minor)]
  const left = (uncredited < paid ? uncredited : paid) - taken
  return left > 0n ? left : 0n
}

function toReversal({ id, status, amount_minor, currency, reason, failure, created_at }: ReversalRow) {
  const amount = formatMoney({ minor: BigInt(amount_minor), currency })
  return { id, status, amount, currency, reason, failure, createdAt: Date.parse(created_at) }
}
