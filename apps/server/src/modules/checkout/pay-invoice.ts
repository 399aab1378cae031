import type { Transaction } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import { linkInvoice } from '../invoices/link-invoice.ts'
import { readInvoiceByToken } from '../invoices/read-invoice-by-token.ts'
import { amountDueOf, isPayable, readStoredInvoice, type StoredInvoice } from '../invoices/read-stored-invoice.ts'
import { openCheckout } from '../payments/checkout-session.ts'
import { lockCustomer, type Order, refuseUncollectable, refuseWhileProcessing } from '../payments/collect-payment.ts'
import type { PaymentDeps } from '../payments/deps.ts'
import { purposeHashOf } from '../payments/purpose.ts'
import type { OpenedCheckout } from './pay-checkout.ts'

/**
 * Opens a checkout for what is due on an invoice; it leads back to the invoice's page. Asked again, it answers the open
 * one. Throws NOT_FOUND, INVALID_INPUT for more than a card can be charged, and CONFLICT for an invoice that is not to be paid (any more).
 */
export async function payInvoice({ database, publicUrl }: PaymentDeps, token: string): Promise<OpenedCheckout> {
  const found = await readInvoiceByToken(database, token)
  if (!found) throw notFound('invoice', `${token.slice(0, 12)}…`, 'token')
  const { project } = found
  const { id, customerPk } = found.invoice
  const { pageUrl } = linkInvoice(publicUrl, token)
  const session = await database.transaction(async (tx) => {
    await lockCustomer(tx, customerPk)
    const order = await orderOf(tx, await readStoredInvoice(tx, id))
    refuseUncollectable(order.amount, 'token')
    await refuseWhileProcessing(tx, customerPk, order.purpose)
    const purposeHash = purposeHashOf(order.purpose)
    return openCheckout(tx, project, { ...order, customerPk, purposeHash, successUrl: pageUrl, cancelUrl: pageUrl })
  })
  return { project, session }
}

async function orderOf(tx: Transaction, invoice: StoredInvoice): Promise<Order> {
  const { id, number, status } = invoice
  if (!isPayable(invoice)) {
    throw new Fault('CONFLICT', `nothing is to be paid on the invoice ${number}: it is ${status.toLowerCase()}`)
  }
  const [amount, description] = [amountDueOf(invoice), `Invoice ${number}`]
  const { subscriptionId } = invoice
  if (subscriptionId === null) return { purpose: { kind: 'invoice', invoiceId: id }, amount, description }
  const [subscription] = await tx.query<{ cardPk: number }>(
    `select rate_card_version_pk as "cardPk" from subscription where id = $1`,
    [subscriptionId],
  )
  if (!subscription) throw new Error(`subscription ${subscriptionId} is missing`)
  return {
    purpose: { kind: 'renewal', cardPk: subscription.cardPk, subscriptionId, invoiceId: id },
    amount,
    description,
  }
}
