import { allowancesOf, fixedTotal, type Money } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { atCardPrices, readStoredInvoice, type StoredInvoice } from '../invoices/read-stored-invoice.ts'
import { settleInvoice } from '../invoices/settle-invoice.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import { grantAllowances } from './grant-allowances.ts'
import { SUBSCRIPTION_COLUMNS, type Subscription } from './read-subscriptions.ts'

/**
 * A subscription's invoice was paid, by the card on file or by the customer on a page: the allowance comes, and the
 * subscription is in good standing. Throws CONFLICT when it is not open any more: the money then goes back.
 */
export async function settleRenewal(
  tx: Transaction,
  { project, customerPk, paid }: Fulfilment,
  catalog: Catalog,
  purpose: { subscriptionId: string; invoiceId: string; at?: number },
): Promise<Outcome> {
  const at = purpose.at ?? nowOf(project)
  const { version, gains } = await withAccount(tx, customerPk, at, async (session) => {
    await settleInvoice(tx, purpose.invoiceId, paid?.amount as Money, at)
    await closeOpenInvoice(tx, session, catalog, purpose, 'SETTLED')
  })
  return { subscriptionId: purpose.subscriptionId, invoiceId: purpose.invoiceId, version, gains }
}

/**
 * A subscription goes on after its open invoice is no longer open. SETTLED: what was paid for comes. WAIVED: an operator let
 * it be, so the period goes on without the allowance that nobody paid for.
 */
export async function closeOpenInvoice(
  tx: Transaction,
  session: AccountSession,
  catalog: Catalog,
  { subscriptionId, invoiceId }: { subscriptionId: string; invoiceId: string },
  how: 'SETTLED' | 'WAIVED',
): Promise<void> {
  session.touch()
  const [subscription] = await tx.query<Subscription>(
    `select ${SUBSCRIPTION_COLUMNS} from subscription s where s.id = $1 and s.open_invoice_id = $2`,
    [subscriptionId, invoiceId],
  )
  if (!subscription) return
  const { status, resumesAt, currentPeriodEnd } = subscription
  const rests = status === 'CANCELED' || status === 'PAUSED'
  const card = catalog.versionsByPk.get(subscription.cardPk)?.card
  if (!card) throw new Error(`the catalogue lacks version ${subscription.cardPk}`)
  const price = fixedTotal(card, subscription.quantities)
  const brings = how === 'SETTLED' && !rests && price.minor > 0n
  if (brings)
    await grantAllowances(
      tx,
      session,
      catalog,
      subscription,
      allowancesOf(card, subscription.quantities),
      `${card.name} allowance`,
    )
  const invoice = await readStoredInvoice(tx, invoiceId)
  const paid = brings ? price.minor - atCardPrices(invoice, BigInt(invoice.creditedMinor)) : 0n
  const next = status === 'CANCELED' ? null : status === 'PAUSED' ? resumesAt : currentPeriodEnd
  tx.send(
    `update subscription set status = $2::subscription_status, open_invoice_id = null, first_declined_at = null,
       attempts = 0, due_at = $3, paid_minor = $4 where id = $1`,
    [subscription.id, rests ? status : 'ACTIVE', next === null ? null : new Date(next), paid > 0n ? paid : 0n],
  )
}

/** A credit note on the invoice of a period that is running: what it gives back was not paid for the period. */
export function lowerPaid(tx: Transaction, invoice: StoredInvoice, minor: bigint): void {
  tx.send(
    `update subscription s set paid_minor = greatest(0, s.paid_minor - $3) from invoice i
     where s.id = $2 and i.id = $1 and i.period_start = s.current_period_start`,
    [invoice.id, invoice.subscriptionId, atCardPrices(invoice, minor)],
  )
}
