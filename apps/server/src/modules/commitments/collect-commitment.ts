import { nextAttempt } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import { amountDueOf, readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import { withAccount } from '../ledger/with-account.ts'
import { announceDecline } from '../payments/announce-decline.ts'
import { isCollectable } from '../payments/collect-payment.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import { type Purpose, purposeHashOf } from '../payments/purpose.ts'
import { chargeable, readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { openPayment, type Settled, settlePayment } from '../payments/settle-payment.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { readCommitment, type StoredCommitment } from './read-commitments.ts'

/**
 * One attempt to collect a commitment's invoice with the card on file, at the instant it is due. Declined, or no card: the
 * invoice stays open with its link, and is tried again as an unpaid renewal is. After the last attempt it stays open still:
 * what a contract owes is not given up by a clock.
 */
export async function collectCommitment(
  deps: SubscriptionDeps,
  project: Project,
  due: StoredCommitment,
  at: number,
): Promise<void> {
  const { id, customerPk, attempts } = due
  const paymentId = await deps.database.transaction((tx) => openAttempt(tx, project, due, at))
  const settled = paymentId ? await settlePayment(deps, project, paymentId) : null
  if (settled?.kind === 'succeeded' || settled?.kind === 'processing') return
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, customerPk, at, async (session) => {
      const commitment = await readCommitment(tx, id)
      if (commitment.dueAt === null || commitment.attempts !== attempts) return
      session.touch()
      if (settled?.kind !== 'returned') return markUnpaid(tx, commitment, { at, attemptAt: at, settled })
      // It came and went back, because another amount was due by then: a moment later is another attempt.
      tx.send(`update commitment set due_at = $2 where id = $1 and due_at is not null`, [id, new Date(at + 1)])
    }),
  )
  deps.pubsub.publish([{ key: customerPk, version }])
}

/** What follows an attempt that failed. One that came before its time, with a new card, takes nothing from the schedule. */
export async function markUnpaid(
  tx: Transaction,
  { id, openInvoiceId, attempts, ...commitment }: StoredCommitment,
  { at, attemptAt, settled }: { readonly at: number; readonly attemptAt: number; readonly settled: Settled | null },
): Promise<void> {
  const firstDeclinedAt = commitment.firstDeclinedAt ?? at
  const scheduled = commitment.firstDeclinedAt === null ? null : nextAttempt(firstDeclinedAt, attempts)
  const early = scheduled !== null && attemptAt < scheduled
  const next = early ? scheduled : openInvoiceId === null ? null : nextAttempt(firstDeclinedAt, attempts + 1)
  if (openInvoiceId !== null && !early) {
    await announceDecline(tx, { invoiceId: openInvoiceId, settled, attempt: attempts + 1, nextAttemptAt: next }, at)
  }
  tx.send(`update commitment set first_declined_at = $2, attempts = attempts + $4, due_at = $3 where id = $1`, [
    id,
    new Date(firstDeclinedAt),
    next === null ? null : new Date(Math.max(next, at)),
    early ? 0 : 1,
  ])
}

/** Writes the attempt's payment down; null: there is no card to charge, or nothing (any more) to charge it with. */
async function openAttempt(
  tx: Transaction,
  project: Project,
  { id, customerPk, attempts }: StoredCommitment,
  at: number,
): Promise<string | null> {
  await lockCustomer(tx, customerPk)
  const commitment = await readCommitment(tx, id)
  if (commitment.dueAt === null || commitment.attempts !== attempts || !commitment.openInvoiceId) return null
  const purpose: Purpose = { kind: 'invoice', invoiceId: commitment.openInvoiceId, attempt: attempts, at }
  const purposeHash = purposeHashOf(purpose)
  const [[known], profiles, invoice] = await Promise.all([
    tx.query<{ id: string }>(`select id from payment where customer_pk = $1 and purpose_hash = $2`, [
      customerPk,
      purposeHash,
    ]),
    readPaymentProfiles(tx, [customerPk]),
    readStoredInvoice(tx, commitment.openInvoiceId),
  ])
  if (known) return known.id
  const [amount, description] = [amountDueOf(invoice), `Invoice ${invoice.number}`]
  const paymentMethodId = chargeable(profiles.get(customerPk), amount.currency)?.providerId
  if (!paymentMethodId || !isCollectable(amount)) return null
  return openPayment(tx, project, { customerPk, amount, purpose, purposeHash, description, paymentMethodId })
}
