import type { Transaction } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import type { Project, Viewer } from '../accounts/viewer.ts'
import { linkInvoice } from '../invoices/link-invoice.ts'
import { readInvoiceByToken } from '../invoices/read-invoice-by-token.ts'
import { amountDueOf, isPayable, readStoredInvoice, type StoredInvoice } from '../invoices/read-stored-invoice.ts'
import { openCheckout } from '../payments/checkout-session.ts'
import { type Order, refuseUncollectable, refuseWhileProcessing } from '../payments/collect-payment.ts'
import type { PaymentDeps } from '../payments/deps.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import { purposeHashOf } from '../payments/purpose.ts'
import type { OpenedCheckout } from './find-checkout.ts'

/**
 * Opens a checkout for what is due on an invoice; it leads back to the invoice's page. Asked again, it answers the open
 * one. An invoice's link lives long and is passed on: by it alone a new method pays, which is kept where the payer says so.
 * The method on file pays too when the customer's own token, or a secret key, asks. Throws NOT_FOUND, INVALID_INPUT for more
 * than a card can be charged, and CONFLICT for an invoice that is not to be paid (any more).
 */
export async function payInvoice(
  { database, publicUrl }: PaymentDeps,
  viewer: Viewer | null,
  token: string,
): Promise<OpenedCheckout> {
  const found = await readInvoiceByToken(database, token)
  if (!found) throw notFound('invoice', `${token.slice(0, 12)}…`, 'token')
  const { project } = found
  const { id, customerPk } = found.invoice
  const { pageUrl } = linkInvoice(publicUrl, token)
  const session = await database.transaction(async (tx) => {
    await lockCustomer(tx, customerPk)
    const byLink = !(await isTheirs(tx, viewer, project, customerPk))
    const { order, saveMethod } = await orderOf(tx, await readStoredInvoice(tx, id))
    refuseUncollectable(order.amount, 'token')
    await refuseWhileProcessing(tx, customerPk, order.purpose)
    const purposeHash = purposeHashOf(order.purpose)
    const urls = { successUrl: pageUrl, cancelUrl: pageUrl }
    return openCheckout(tx, project, { ...order, customerPk, purposeHash, ...urls, byLink, saveMethod })
  })
  return { project, session }
}

/** Whether who asks may charge the customer's method on file anyway. Anybody else is only who has the link. */
async function isTheirs(
  tx: Transaction,
  viewer: Viewer | null,
  project: Project,
  customerPk: number,
): Promise<boolean> {
  if (viewer?.project.id !== project.id) return false
  if (viewer.role === 'secret') return true
  const [customer] = await tx.query<{ id: string }>(`select id from customer where pk = $1`, [customerPk])
  return customer?.id === viewer.customerId
}

interface InvoiceOrder {
  readonly order: Order
  /** Whether its page proposes to keep the method: without a new one, the next attempt would fail as the last one did. */
  readonly saveMethod: boolean
}

async function orderOf(tx: Transaction, invoice: StoredInvoice): Promise<InvoiceOrder> {
  const { id, number, status } = invoice
  if (!isPayable(invoice)) {
    throw new Fault('CONFLICT', `nothing is to be paid on the invoice ${number}: it is ${status.toLowerCase()}`)
  }
  const [amount, description] = [amountDueOf(invoice), `Invoice ${number}`]
  const { subscriptionId } = invoice
  if (subscriptionId === null) {
    return { order: { purpose: { kind: 'invoice', invoiceId: id }, amount, description }, saveMethod: false }
  }
  const [subscription] = await tx.query<{ cardPk: number; pastDue: boolean }>(
    `select rate_card_version_pk as "cardPk", status = 'PAST_DUE' as "pastDue" from subscription where id = $1`,
    [subscriptionId],
  )
  if (!subscription) throw new Error(`subscription ${subscriptionId} is missing`)
  const { cardPk, pastDue } = subscription
  const purpose = { kind: 'renewal', cardPk, subscriptionId, invoiceId: id } as const
  return { order: { purpose, amount, description }, saveMethod: pastDue }
}
