import { addLocalDays, type Cause, type Credits, type Money, type PlanLine, scaled } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { quoteInvoice } from '../invoices/quote-invoice.ts'
import { DEFAULT_PRIORITY } from '../ledger/add-grant.ts'
import { settleDebts } from '../ledger/settle-debts.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import type { Offer } from './find-bundle.ts'

/** What `quantity` bundles cost, as the line of an invoice. */
export function bundleLine({ bundle }: Offer, quantity: number): PlanLine {
  return {
    description: bundle.name,
    rateCode: bundle.code,
    quantity: scaled(BigInt(quantity)),
    amount: { minor: bundle.price.minor * BigInt(quantity), currency: bundle.price.currency },
    proration: false,
  }
}

/** What is to be paid for bundles, with tax, and after account credit. Call it under the customer's lock. */
export async function dueForBundles(
  tx: Transaction,
  customerPk: number,
  offer: Offer,
  quantity: number,
): Promise<Money> {
  const { currency } = offer.bundle.price
  return (await quoteInvoice(tx, { customerPk, currency, lines: [bundleLine(offer, quantity)] })).due
}

/** Grants what was paid for, with its invoice. Throws CONFLICT if another amount was paid. */
export async function sellBundle(
  tx: Transaction,
  { project, customerPk, paid }: Fulfilment,
  catalog: Catalog,
  offer: Offer,
  quantity: number,
): Promise<Outcome> {
  const now = nowOf(project)
  const { bundle } = offer
  const creditType = catalog.creditTypes.get(bundle.creditType)
  if (!creditType) throw new Error(`credit type ${bundle.creditType} is missing`)
  const { result, ...moved } = await withAccount(tx, customerPk, now, async (session) => {
    const reason = `${quantity} × ${bundle.name}`
    const grantId = await session.add(
      {
        customerPk,
        creditType: creditType.pk,
        kind: 'PREPAID',
        amount: (bundle.credits * BigInt(quantity)) as Credits,
        priority: DEFAULT_PRIORITY,
        effectiveAt: now,
        expiresAt: bundle.expiresAfterDays === null ? null : addLocalDays(now, bundle.expiresAfterDays, 'UTC'),
        appliesTo: [],
        ...(paid ? { paymentId: paid.paymentId } : {}),
      },
      (id): Cause =>
        paid ? { type: 'payment', id: paid.paymentId, detail: { reason } } : { type: 'grant', id, detail: { reason } },
    )
    // Account credit is money too: what was bought with it was paid for.
    if (bundle.price.minor > 0n) await settleDebts(tx, session, { customerPk, grantId, now })
    const invoice = await issueInvoice(tx, project, {
      customerPk,
      subscriptionId: null,
      currency: bundle.price.currency,
      lines: [bundleLine(offer, quantity)],
      period: null,
      issuedAt: now,
      paid: paid?.amount ?? null,
      collect: 'NOW',
    })
    return { grantId, invoiceId: invoice?.id as string }
  })
  return { ...result, ...moved }
}
