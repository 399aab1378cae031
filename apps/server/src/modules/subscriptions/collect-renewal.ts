import { nextAttempt } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { endInvoice } from '../invoices/end-invoice.ts'
import { amountDueOf, readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import { announceDecline } from '../payments/announce-decline.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import { type Purpose, purposeHashOf } from '../payments/purpose.ts'
import { chargeable, readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { openPayment, type Settled, settlePayment } from '../payments/settle-payment.ts'
import { announceSubscription } from './announce-subscription.ts'
import type { SubscriptionDeps } from './deps.ts'
import { endAllowances } from './end-allowances.ts'
import { readDueSubscriptions, type Subscription } from './read-subscriptions.ts'

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
  if (settled?.kind === 'succeeded' || settled?.kind === 'processing') return
  const catalog = await deps.catalog.read(project.id)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, customerPk, at, async (session) => {
      const subscription = await readDue(tx, customerPk, id, at)
      if (!subscription?.openInvoiceId) return
      if (settled?.kind === 'returned') return tryAnew(tx, subscription, at)
      await markDeclined(tx, session, catalog, subscription, { at, attemptAt: at, settled })
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
  const purposeHash = purposeHashOf(purpose)
  const [[known], profiles, invoice] = await Promise.all([
    tx.query<{ id: string }>(`select id from payment where customer_pk = $1 and purpose_hash = $2`, [
      customerPk,
      purposeHash,
    ]),
    readPaymentProfiles(tx, [customerPk]),
    readStoredInvoice(tx, subscription.openInvoiceId),
  ])
  if (known) return known.id
  const [amount, description] = [amountDueOf(invoice), `Invoice ${invoice.number}`]
  const paymentMethodId = chargeable(profiles.get(customerPk), amount.currency)?.providerId
  if (!paymentMethodId) return null
  return openPayment(tx, project, { customerPk, amount, purpose, purposeHash, description, paymentMethodId })
}

/**
 * What follows an attempt that was declined, as of when it was known. One that came before its time, because the customer had
 * a new card, takes nothing from the schedule. Source: product.md, "Renewal, failure, cancellation" and "Dunning days".
 */
export async function markDeclined(
  tx: Transaction,
  session: AccountSession,
  catalog: Catalog,
  subscription: Subscription,
  { at, attemptAt, settled }: { readonly at: number; readonly attemptAt: number; readonly settled: Settled | null },
): Promise<void> {
  const { id, attempts } = subscription
  const firstDeclinedAt = subscription.firstDeclinedAt ?? at
  const scheduled = subscription.firstDeclinedAt === null ? null : nextAttempt(firstDeclinedAt, attempts)
  if (scheduled !== null && attemptAt < scheduled) {
    await tx.query(`update subscription set due_at = $2 where id = $1`, [id, new Date(Math.max(scheduled, at))])
    return
  }
  session.touch()
  const card = cardOf(catalog, subscription)
  const next = nextAttempt(firstDeclinedAt, attempts + 1)
  const invoiceId = subscription.openInvoiceId as string
  await announceDecline(tx, { invoiceId, settled, attempt: attempts + 1, nextAttemptAt: next }, at)
  if (next === null) return giveUp(tx, session, subscription, card, at)
  // What has ended already, or rests, stays so; only its invoice waits.
  const status = subscription.status === 'ACTIVE' ? 'PAST_DUE' : subscription.status
  await tx.query(
    `update subscription set status = $2::subscription_status, first_declined_at = $3, attempts = attempts + 1, due_at = $4
     where id = $1`,
    [id, status, new Date(firstDeclinedAt), new Date(Math.max(next, at))],
  )
  if (status === subscription.status) return
  const nextAttemptAt = new Date(next).toISOString()
  announceSubscription(tx, 'subscription.past_due', { ...subscription, status }, card, at, { nextAttemptAt })
}

/** The money came and went back, because another amount was due by then: no decline. A moment later is another attempt. */
async function tryAnew(tx: Transaction, { id }: Subscription, at: number): Promise<void> {
  await tx.query(`update subscription set due_at = $2 where id = $1`, [id, new Date(at + 1)])
}

/** The end of the road: the subscription ends with what it brought, and nobody will collect the invoice. */
async function giveUp(
  tx: Transaction,
  session: AccountSession,
  subscription: Subscription,
  card: PublishedCard,
  at: number,
): Promise<void> {
  await endAllowances(tx, session, subscription, 'the subscription was not paid')
  await tx.query(
    `update subscription set status = 'CANCELED', attempts = attempts + 1, due_at = null, open_invoice_id = null,
       canceled_at = coalesce(canceled_at, $2) where id = $1`,
    [subscription.id, new Date(at)],
  )
  if (subscription.status !== 'CANCELED') {
    const canceled = { ...subscription, status: 'CANCELED' } as const
    announceSubscription(tx, 'subscription.canceled', canceled, card, at, { reason: 'not paid' })
  }
  const invoice = await readStoredInvoice(tx, subscription.openInvoiceId as string, 'for update')
  if (invoice.status === 'OPEN') endInvoice(tx, invoice, 'UNCOLLECTIBLE', at)
}

function cardOf({ versionsByPk }: Catalog, { cardPk }: Subscription): PublishedCard {
  const card = versionsByPk.get(cardPk)
  if (!card) throw new Error(`the catalogue lacks version ${cardPk}`)
  return card
}

async function readDue(tx: Transaction, customerPk: number, id: string, at: number): Promise<Subscription | undefined> {
  return (await readDueSubscriptions(tx, customerPk, at)).find((subscription) => subscription.id === id)
}
