import { type Money, zeroMoney } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Viewer } from '../accounts/viewer.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { type InvoiceLineView, readInvoice } from '../invoices/read-invoices.ts'
import { amountDueOf, readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import { withAccount } from '../ledger/with-account.ts'
import { type ChangeRateCardInput, findChange, orderChange } from '../subscriptions/change-rate-card.ts'
import { type CardChange, changeSubscription, findChanging } from '../subscriptions/change-subscription.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { type NextRenewal, readNextRenewal } from '../subscriptions/read-next-renewal.ts'
import { readDueSubscriptions, type Subscription } from '../subscriptions/read-subscriptions.ts'
import { crossBoundary } from '../subscriptions/renew-subscription.ts'
import { scheduleWithin } from '../subscriptions/schedule-change.ts'
import { settleRenewal } from '../subscriptions/settle-renewal.ts'
import { assembleBillingState, type BillingState } from './assemble-billing-state.ts'
import { readCustomerFacts } from './read-customer-facts.ts'

/** What a change of card would do: money now and later, and the customer's state before and after it. */
export interface ChangePreview {
  readonly effectiveAt: number
  /** Negative: it becomes account credit. */
  readonly dueNow: Money
  readonly lines: readonly InvoiceLineView[]
  readonly nextRenewal: NextRenewal
  readonly before: BillingState
  readonly after: BillingState
}

/**
 * What `changeRateCard` would do. The change is carried out and taken back, so that there is no second computation that
 * could say something else. Throws as changeRateCard does.
 */
export async function previewRateCardChange(
  deps: SubscriptionDeps,
  viewer: Viewer,
  input: ChangeRateCardInput,
): Promise<ChangePreview> {
  const { project } = viewer
  const { subscription, change } = await findChange(deps, viewer, input)
  const catalog = await deps.catalog.read(project.id)
  const { behavior } = input
  const now = nowOf(project)
  return deps.database.dryRun(async (tx) => {
    const read = (at: number) => stateIn(tx, catalog, subscription.customerPk, subscription.customerId, at)
    const before = await read(now)
    if (behavior === 'AT_PERIOD_END') {
      const nextRenewal = await tryAtPeriodEnd(tx, viewer, catalog, subscription, change)
      const dueNow = zeroMoney(change.to.card.currency)
      return { effectiveAt: nextRenewal.at, dueNow, lines: [], nextRenewal, before, after: await read(nextRenewal.at) }
    }
    const order = await orderChange(deps, tx, project, subscription.customerPk, { ...change, behavior, at: now })
    const paid = order.amount.minor === 0n ? null : { paymentId: subscription.id, amount: order.amount }
    const fulfilment = { project, customerPk: subscription.customerPk, paid }
    const { invoiceId } = await changeSubscription(tx, fulfilment, catalog, { ...change, behavior, at: now })
    const invoice = invoiceId ? await readInvoice(tx, invoiceId) : null
    const total = invoiceId ? await totalOf(tx, invoiceId) : order.amount
    return {
      effectiveAt: now,
      dueNow: total.minor < 0n ? total : order.amount,
      lines: [...(invoice?.lines ?? [])],
      nextRenewal: (await readNextRenewal(tx, catalog, subscription.id)) as NextRenewal,
      before,
      after: await read(now),
    }
  })
}

async function totalOf(tx: Transaction, invoiceId: string): Promise<Money> {
  const { totalMinor, currency } = await readStoredInvoice(tx, invoiceId)
  return { minor: BigInt(totalMinor), currency }
}

/** Lets the period end with the change, and its invoice be paid. */
async function tryAtPeriodEnd(
  tx: Transaction,
  { project }: Viewer,
  catalog: Catalog,
  subscription: Subscription,
  change: CardChange,
): Promise<NextRenewal> {
  const { customerPk, currentPeriodEnd: at, id } = subscription
  await findChanging(tx, customerPk, catalog, change, nowOf(project))
  await scheduleWithin(tx, change)
  const nextRenewal = (await readNextRenewal(tx, catalog, id)) as NextRenewal
  const [due] = (await readDueSubscriptions(tx, customerPk, at)).filter((candidate) => candidate.id === id)
  if (!due) return nextRenewal
  await withAccount(tx, customerPk, at, (session) =>
    crossBoundary({ tx, session, project, catalog, subscription: due, from: change.from, at }),
  )
  const [renewed] = (await readDueSubscriptions(tx, customerPk, at)).filter((candidate) => candidate.id === id)
  if (!renewed?.openInvoiceId) return nextRenewal
  const paid = { paymentId: id, amount: amountDueOf(await readStoredInvoice(tx, renewed.openInvoiceId)) }
  const purpose = { subscriptionId: id, invoiceId: renewed.openInvoiceId, at }
  await settleRenewal(tx, { project, customerPk, paid }, catalog, purpose)
  return nextRenewal
}

async function stateIn(
  tx: Transaction,
  catalog: Catalog,
  customerPk: number,
  customerId: string,
  at: number,
): Promise<BillingState> {
  const [facts] = await readCustomerFacts(tx, [{ customerPk, customerId }])
  if (!facts) throw new Error(`customer ${customerPk} is missing`)
  return assembleBillingState(facts, catalog, at)
}
