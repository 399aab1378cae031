import type { Money } from '@florin/core'
import { nowOf, realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { refundInvoice } from '../invoices/refund-invoice.ts'
import { withAccount } from '../ledger/with-account.ts'
import { announceReversals, type News } from './announce-reversals.ts'
import { lockPayment, type PaidPayment } from './lock-payment.ts'
import type { ProviderDispute, ProviderRefund, ProviderReversals } from './provider-reversals.ts'
import { readLimits } from './read-refunds.ts'
import { reverseCredits } from './reverse-credits.ts'

/** What is known of a refund or a dispute here. */
interface Known {
  readonly id: string
  readonly providerId: string | null
  readonly status: string
}

/**
 * Makes the books say of a payment what the provider says: refunds and disputes, the money that went back, and the credits
 * that it had bought, in one transaction. A refund's money and its credits can't be seen apart. What is known already changes
 * nothing, and nothing goes back to an earlier state, so that news may come in any order and more than once.
 *
 * @returns the customer and their version if anything changed.
 */
export async function recordReversals(
  tx: Transaction,
  project: Project,
  paymentId: string,
  { refunds, disputes }: ProviderReversals,
): Promise<{ customerPk: number; version: number } | null> {
  const payment = await lockPayment(tx, paymentId)
  const known = await knownOf(tx, 'refund', paymentId)
  if (payment.status !== 'SUCCEEDED' && !isFailedReturn(payment, known, refunds)) return null
  const newRefunds = newsOf(known, refunds)
  const newDisputes = newsOf(await knownOf(tx, 'dispute', paymentId), disputes)
  if (newRefunds.length + newDisputes.length === 0) return null
  for (const news of newRefunds) await writeRefund(tx, paymentId, news)
  for (const news of newDisputes) await writeDispute(tx, paymentId, news)
  const { customerPk } = payment
  const now = nowOf(project)
  // What time has done is written first: what has expired can't be revoked, and counts for what is claimed.
  await withAccount(tx, customerPk, now, async () => {})
  const { version } = await withAccount(tx, customerPk, now, async (session) => {
    const after = await readReversed(tx, payment)
    session.touch()
    const lost = newDisputes.find(({ told }) => told.status === 'LOST')
    const reversed = await reverseCredits(tx, session, payment, { ...after, lostDispute: lost?.id ?? null, now })
    // Behind the customer's lock, which credit notes take too: whichever is later sees the other.
    const { over } = await readLimits(tx, payment)
    await tx.query(
      `update payment set refunded_minor = $2, reversed_credits = $3, over_refunded_minor = $4 where id = $1`,
      [paymentId, after.refunded.minor, reversed, over],
    )
    if (payment.invoiceId) refundInvoice(tx, payment.invoiceId, after.refunded.minor)
    announceReversals(tx, payment, { refunds: newRefunds, disputes: newDisputes, refunded: after.refunded, over }, now)
  })
  return { customerPk, version }
}

/** What was given back because it could not be carried out is no refund, unless the bank did not take it: that somebody must see. */
function isFailedReturn({ status }: PaidPayment, known: readonly Known[], told: readonly ProviderRefund[]): boolean {
  if (status !== 'REFUNDING' && status !== 'REFUNDED') return false
  return known.length > 0 || told.some((refund) => refund.status === 'FAILED')
}

async function knownOf(tx: Transaction, table: 'refund' | 'dispute', paymentId: string): Promise<Known[]> {
  return tx.query<Known>(
    `select id, provider_${table}_id as "providerId", status::text from ${table} where payment_id = $1`,
    [paymentId],
  )
}

// A refund that has succeeded may fail later; a dispute that is decided stays so.
const RANK: Readonly<Record<string, number>> = { PENDING: 0, SUCCEEDED: 1, FAILED: 2, OPEN: 0, WON: 1, LOST: 1 }
const rankOf = (status: string) => RANK[status] as number

function newsOf<Told extends { id: string; status: string; reference?: string | null }>(
  known: readonly Known[],
  all: readonly Told[],
): News<Told>[] {
  return all.flatMap<News<Told>>((told) => {
    const row = known.find(
      ({ id, providerId }) => providerId === told.id || (providerId === null && id === told.reference),
    )
    if (!row) return [{ id: newId(), was: null, told }]
    const isNew = row.providerId === null || rankOf(told.status) > rankOf(row.status)
    return isNew ? [{ id: row.id, was: row.status, told }] : []
  })
}

async function writeRefund(tx: Transaction, paymentId: string, { id, told }: News<ProviderRefund>): Promise<void> {
  const { amount, status, reason, failure } = told
  await tx.query(
    `insert into refund (id, payment_id, status, amount_minor, currency, reason, provider_refund_id, failure, settled_at)
     values ($1, $2, $3::refund_status, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set status = excluded.status, provider_refund_id = excluded.provider_refund_id,
       failure = excluded.failure, settled_at = excluded.settled_at`,
    [id, paymentId, status, amount.minor, amount.currency, reason, told.id, failure, settledAt(status !== 'PENDING')],
  )
}

async function writeDispute(tx: Transaction, paymentId: string, { id, told }: News<ProviderDispute>): Promise<void> {
  const { amount, status, reason } = told
  await tx.query(
    `insert into dispute (id, payment_id, provider_dispute_id, status, amount_minor, currency, reason, settled_at)
     values ($1, $2, $3, $4::dispute_status, $5, $6, $7, $8)
     on conflict (id) do update set status = excluded.status, settled_at = excluded.settled_at`,
    [id, paymentId, told.id, status, amount.minor, amount.currency, reason, settledAt(status !== 'OPEN')],
  )
}

const settledAt = (isSettled: boolean) => (isSettled ? new Date(realNow()) : null)

/** How a payment stands with what has been written. A dispute may be about more than refunds have left. */
async function readReversed(
  tx: Transaction,
  { id, paid }: PaidPayment,
): Promise<{ refunded: Money; openDispute: string | null }> {
  const [row] = await tx.query<{ minor: string; open: string | null }>(
    `select ((select coalesce(sum(amount_minor), 0) from refund where payment_id = $1 and status = 'SUCCEEDED')
       + (select coalesce(sum(amount_minor), 0) from dispute where payment_id = $1 and status = 'LOST'))::text as minor,
       (select min(id::text) from dispute where payment_id = $1 and status = 'OPEN') as open`,
    [id],
  )
  const minor = BigInt(row?.minor ?? 0)
  return {
    refunded: { minor: minor < paid.minor ? minor : paid.minor, currency: paid.currency },
    openDispute: row?.open ?? null,
  }
}
