import { catchUp } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Project, Viewer } from '../accounts/viewer.ts'
import { quoteInvoice } from '../invoices/quote-invoice.ts'
import { lockAccounts } from '../ledger/load-accounts.ts'
import { type CheckoutUrls, type Collected, collectPayment, type Order } from '../payments/collect-payment.ts'
import { decideChange, findChanging, type ImmediateCardChange } from './change-subscription.ts'
import { carryQuantities, type RateQuantityInput } from './check-quantities.ts'
import type { SubscriptionDeps } from './deps.ts'
import { findCard, findSubscription, type OwnedSubscription, versionOf } from './read-subscription.ts'
import { scheduleChange } from './schedule-change.ts'
import { renewOverdue } from './settle-due-subscriptions.ts'

export type ChangeBehavior = 'RATE_DIFFERENCE' | 'PRORATE' | 'AT_PERIOD_END'

export interface ChangeRateCardInput {
  subscriptionId: string
  rateCard: string
  behavior: ChangeBehavior
  quantities?: readonly RateQuantityInput[] | null | undefined
  checkout?: CheckoutUrls | null | undefined
  idempotencyKey?: string | null | undefined
}

/** Moves a subscription to another card, or to other quantities of its own. Throws NOT_FOUND, INVALID_INPUT, CONFLICT. */
export async function changeRateCard(
  deps: SubscriptionDeps,
  viewer: Viewer,
  input: ChangeRateCardInput,
): Promise<Collected> {
  const { project } = viewer
  const { subscription, change } = await findChange(deps, viewer, input)
  const { idempotencyKey, ...rest } = input
  const { customerPk, customerId } = subscription
  const key = idempotencyKey
    ? {
        projectId: project.id,
        operation: 'changeRateCard',
        scope: customerId,
        key: checkKey(idempotencyKey),
        input: rest,
      }
    : null
  const { behavior } = input
  if (behavior === 'AT_PERIOD_END') {
    return { kind: 'done', outcome: await scheduleChange(deps, project, customerPk, change, key) }
  }
  return collectPayment(deps, project, {
    customerPk,
    key,
    checkout: input.checkout ?? null,
    decide: (tx) => orderChange(deps, tx, project, customerPk, { ...change, behavior, at: nowOf(project) }),
  })
}

/** The subscription and the change that an input means, as of now: a period that is over is renewed first. */
export async function findChange(deps: SubscriptionDeps, viewer: Viewer, input: ChangeRateCardInput) {
  const { project } = viewer
  const found = await findSubscription(deps.database, viewer, input.subscriptionId)
  await renewOverdue(deps, project.id, found.customerPk)
  const subscription: OwnedSubscription = await findSubscription(deps.database, viewer, input.subscriptionId)
  const to = await findCard(deps.catalog, viewer, input.rateCard)
  const from = await versionOf(deps.catalog, project.id, subscription.cardPk)
  const quantities = carryQuantities(viewer, to.card, subscription.quantities, input.quantities)
  return { subscription, change: { subscriptionId: subscription.id, from, to, quantities } }
}

/** What an immediate change sells, decided under the customer's lock. Throws CONFLICT. */
export async function orderChange(
  deps: Pick<SubscriptionDeps, 'catalog'>,
  tx: Transaction,
  project: Project,
  customerPk: number,
  change: ImmediateCardChange,
): Promise<Order> {
  const account = (await lockAccounts(tx, [customerPk])).get(customerPk)
  if (!account) throw new Error(`customer ${customerPk} has no ledger`)
  const catalog = await deps.catalog.read(project.id)
  const subscription = await findChanging(tx, customerPk, catalog, change, change.at)
  const decided = await decideChange(tx, catchUp(account, change.at).account, catalog, subscription, change)
  const { currency, name } = change.to.card
  const quote = await quoteInvoice(tx, {
    customerPk,
    currency,
    lines: decided.invoiceLines,
    creditedTax: decided.creditedTax,
  })
  const { subscriptionId, from, to, quantities, behavior, at } = change
  return {
    purpose: { kind: 'change', subscriptionId, fromCardPk: from.pk, cardPk: to.pk, quantities, behavior, at },
    amount: quote.due,
    description: from.pk === to.pk ? name : `Change to ${name}`,
  }
}
