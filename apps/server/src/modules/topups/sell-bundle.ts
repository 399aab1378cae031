import {
  addLocalDays,
  type Bundle,
  type Cause,
  type Credits,
  formatAmount,
  type Money,
  type PlanLine,
  scaled,
} from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Offer } from '../catalog/find-bundle.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { quoteInvoice } from '../invoices/quote-invoice.ts'
import { DEFAULT_PRIORITY } from '../ledger/add-grant.ts'
import { settleDebts } from '../ledger/settle-debts.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome, TopUpMark } from '../payments/purpose.ts'
import { concludeTopUp } from './conclude-top-up.ts'

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

export interface BundleSale {
  readonly offer: Offer
  readonly quantity: number
  /** The top-up that it is; null: the customer's own purchase. */
  readonly mark: TopUpMark | null
}

/**
 * Grants what was paid for, with its invoice. Throws CONFLICT if another amount was paid, or for a top-up that was made already.
 */
export async function sellBundle(
  tx: Transaction,
  { project, customerPk, paid }: Fulfilment,
  catalog: Catalog,
  { offer, quantity, mark }: BundleSale,
): Promise<Outcome> {
  // What falls due while a sandbox's clock is moved is bought as of then; a charge that was looked up later, as of now.
  const now = Math.max(mark?.at ?? 0, nowOf(project))
  const { bundle } = offer
  const creditType = catalog.creditTypes.get(bundle.creditType)
  if (!creditType) throw new Error(`credit type ${bundle.creditType} is missing`)
  const credits = (bundle.credits * BigInt(quantity)) as Credits
  const expiresAt = await endOfCredits(tx, customerPk, bundle, now)
  const { result, ...moved } = await withAccount(tx, customerPk, now, async (session) => {
    const reason = `${quantity} × ${bundle.name}`
    const grantId = await session.add(
      {
        customerPk,
        creditType: creditType.pk,
        kind: 'PREPAID',
        amount: credits,
        priority: DEFAULT_PRIORITY,
        effectiveAt: now,
        expiresAt,
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
    const invoiceId = invoice?.id as string
    await concludeTopUp(
      {
        tx,
        session,
        project,
        at: now,
        customerPk,
        creditTypePk: creditType.pk,
        creditType: creditType.code,
      },
      { mark, paid, quantity, credits: formatAmount(credits), grantId, invoiceId },
    )
    return { grantId, invoiceId }
  })
  return { ...result, ...moved }
}

/** Credits that expire do so after local days of the customer's. */
async function endOfCredits(
  tx: Transaction,
  customerPk: number,
  { expiresAfterDays }: Bundle,
  now: number,
): Promise<number | null> {
  if (expiresAfterDays === null) return null
  const [customer] = await tx.query<{ timezone: string }>(`select timezone from customer where pk = $1`, [customerPk])
  return addLocalDays(now, expiresAfterDays, customer?.timezone ?? 'UTC')
}
