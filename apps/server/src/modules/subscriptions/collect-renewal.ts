import { type Money, nextAttempt } from '@florin/core'
import { inputHash } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import { lockCustomer } from '../payments/collect-payment.ts'
import type { Purpose } from '../payments/purpose.ts'
import { readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { openPayment, settlePayment } from '../payments/settle-payment.ts'
import type { SubscriptionDeps } from './deps.ts'
import { readLiveSubscriptions, type Subscription } from './read-subscriptions.ts'

/**
 * One attempt to collect a renewal's invoice, at the instant it is due. Paid: the allowance comes with the payment, in its
 * own transaction. Declined, or no card on file: PAST_DUE until the next attempt, CANCELED after the last one.
 */
export async function collectRenewal(
  deps: SubscriptionDeps,
  project: Project,
  { customerPk, id }: Subscription,
  at: number,
): Promise<void> {
  const paymentId = await deps.database.transaction((tx) => openAttempt(tx, project, customerPk, id, at))
  if (paymentId === 'not due') return
  const settled = paymentId ? await settlePayment(deps, project, paymentId) : null
  if (settled?.kind === 'succeeded') return
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, customerPk, at, async (session) => {
      if (await markDeclined(tx, customerPk, id, at)) session.touch()
    }),
  )
  deps.pubsub.publish([{ key: customerPk, version }])
}

/** Writes the attempt's payment down; null: there is no card to charge. Another worker may have been first. */
async function openAttempt(
  tx: Transaction,
  project: Project,
  customerPk: number,
  subscriptionId: string,
  at: number,
): Promise<string | null | 'not due'> {
  await lockCustomer(tx, customerPk)
  const subscription = await readDue(tx, customerPk, subscriptionId, at)
  if (!subscription?.openInvoiceId) return 'not due'
  const purpose: Purpose = {
    kind: 'renewal',
    cardPk: subscription.cardPk,
    subscriptionId,
    invoiceId: subscription.openInvoiceId,
    attempt: subscription.attempts,
    at,
  }
  const purposeHash = inputHash(purpose)
  const [known] = await tx.query<{ id: string }>(
    `select id from payment where customer_pk = $1 and purpose_hash = $2`,
    [customerPk, purposeHash],
  )
  if (known) return known.id
  const paymentMethodId = (await readPaymentProfiles(tx, [customerPk])).get(customerPk)?.paymentMethodId
  if (!paymentMethodId) return null
  const { amount, description } = await readDueInvoice(tx, subscription.openInvoiceId)
  return openPayment(tx, project, { customerPk, amount, purpose, purposeHash, description, paymentMethodId })
}

/** Source: product.md, "Renewal, failure, cancellation" and "Dunning days". Answers whether anything changed. */
async function markDeclined(tx: Transaction, customerPk: number, id: string, at: number): Promise<boolean> {
  const subscription = await readDue(tx, customerPk, id, at)
  if (!subscription?.openInvoiceId) return false
  const firstDeclinedAt = subscription.firstDeclinedAt ?? at
  const next = nextAttempt(firstDeclinedAt, subscription.attempts + 1)
  await tx.query(
    `update subscription set status = $2::subscription_status, first_declined_at = $3, attempts = attempts + 1, due_at = $4,
       canceled_at = $5 where id = $1`,
    [
      id,
      next === null ? 'CANCELED' : 'PAST_DUE',
      new Date(firstDeclinedAt),
      next && new Date(next),
      next === null ? new Date(at) : null,
    ],
  )
  if (next === null) {
    await tx.query(`update invoice set status = 'UNCOLLECTIBLE' where id = $1 and status = 'OPEN'`, [
      subscription.openInvoiceId,
    ])
  }
  return true
}

async function readDue(tx: Transaction, customerPk: number, id: string, at: number): Promise<Subscription | undefined> {
  const live = (await readLiveSubscriptions(tx, [customerPk])).get(customerPk) ?? []
  return live.find((subscription) => subscription.id === id && subscription.dueAt !== null && subscription.dueAt <= at)
}

async function readDueInvoice(tx: Transaction, invoiceId: string): Promise<{ amount: Money; description: string }> {
  const [invoice] = await tx.query<{ number: string; amount_due_minor: number; currency: string }>(
    `select number, amount_due_minor, currency from invoice where id = $1`,
    [invoiceId],
  )
  if (!invoice) throw new Error(`invoice ${invoiceId} is missing`)
  const amount = { minor: BigInt(invoice.amount_due_minor), currency: invoice.currency }
  return { amount, description: `Invoice ${invoice.number}` }
}
