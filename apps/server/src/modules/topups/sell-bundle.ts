import { addLocalDays, type Cause, type Credits, type Money, type PlanLine, scaled } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { createInvoice } from '../invoices/create-invoice.ts'
import { DEFAULT_PRIORITY } from '../ledger/add-grant.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import type { Offer } from './find-bundle.ts'

/** What `quantity` bundles cost. */
export function bundlePrice({ bundle }: Offer, quantity: number): Money {
  return { minor: bundle.price.minor * BigInt(quantity), currency: bundle.price.currency }
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
  const amount = bundlePrice(offer, quantity)
  if (paid?.amount.minor !== amount.minor)
    throw new Fault('CONFLICT', 'the price has changed since the checkout was opened')
  const creditType = catalog.creditTypes.get(bundle.creditType)
  if (!creditType) throw new Error(`credit type ${bundle.creditType} is missing`)
  const { result, version } = await withAccount(tx, customerPk, now, async (session) => {
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
        paymentId: paid.paymentId,
      },
      (): Cause => ({ type: 'payment', id: paid.paymentId, detail: { reason: `${quantity} × ${bundle.name}` } }),
    )
    const line: PlanLine = {
      description: bundle.name,
      rateCode: bundle.code,
      quantity: scaled(BigInt(quantity)),
      amount,
      proration: false,
    }
    const { currency } = amount
    const invoiceId = await createInvoice(tx, project, {
      customerPk,
      currency,
      lines: [line],
      period: null,
      status: 'PAID',
      issuedAt: now,
    })
    return { grantId, invoiceId }
  })
  return { ...result, version }
}
