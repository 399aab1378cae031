import { placesOf } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { checkKey, runCommand } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import { type Customer, findCustomer } from '../accounts/read-customer.ts'
import { checkRedirect } from '../accounts/set-allowed-origins.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { findBundle } from '../catalog/find-bundle.ts'
import { type CheckoutSession, openCheckout, readCheckout } from '../payments/checkout-session.ts'
import {
  type CheckoutUrls,
  type Order,
  refuseUncollectable,
  refuseWhileProcessing,
} from '../payments/collect-payment.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import { purposeHashOf } from '../payments/purpose.ts'
import { orderChange } from '../subscriptions/change-rate-card.ts'
import { carryQuantities, checkQuantities, type RateQuantityInput } from '../subscriptions/check-quantities.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { findCard, versionOf } from '../subscriptions/read-subscription.ts'
import { isInForce, readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { renewOverdue } from '../subscriptions/settle-due-subscriptions.ts'
import { decideStart, dueAtStart } from '../subscriptions/start-subscription.ts'
import { checkBundleQuantity, orderBundles } from '../topups/purchase-bundle.ts'

export interface CheckoutSessionInput {
  customerId: string
  rateCard?: string | null | undefined
  bundle?: string | null | undefined
  /** Of the card's rates. */
  quantities?: readonly RateQuantityInput[] | null | undefined
  /** Of the bundle. */
  quantity?: number | null | undefined
  checkout: CheckoutUrls
  idempotencyKey?: string | null | undefined
}

/**
 * Opens a checkout page for a card or a bundle. A card that is an alternative to one of the customer's is a change to it.
 * Of 20 that are open the oldest that nobody is paying ends. Throws NOT_FOUND, INVALID_INPUT, CONFLICT for what the
 * customer already has, and RATE_LIMITED where 20 are being paid.
 */
export async function createCheckoutSession(
  deps: SubscriptionDeps,
  viewer: Viewer,
  input: CheckoutSessionInput,
): Promise<CheckoutSession> {
  if ((input.rateCard == null) === (input.bundle == null)) {
    throw invalidInput('rateCard', 'name either a rateCard or a bundle')
  }
  if (input.bundle == null && input.quantity != null) {
    throw invalidInput('quantity', "quantity is of a bundle: give quantities of the card's rates")
  }
  if (input.bundle != null && input.quantities != null) {
    throw invalidInput('quantities', 'quantities are of the rates of a card: give the quantity of the bundle')
  }
  const quantity = checkBundleQuantity(input.quantity)
  const { project } = viewer
  const customer = await findCustomer(deps.database, project, input.customerId)
  const successUrl = await checkRedirect(deps, project, input.checkout.successUrl, 'checkout.successUrl')
  const cancelUrl = await checkRedirect(deps, project, input.checkout.cancelUrl, 'checkout.cancelUrl')
  await renewOverdue(deps, project.id, customer.pk)
  const { idempotencyKey, ...rest } = input
  const key = idempotencyKey
    ? {
        projectId: project.id,
        operation: 'createCheckoutSession',
        scope: customer.id,
        key: checkKey(idempotencyKey),
        input: rest,
      }
    : null
  const { sessionId } = await runCommand(deps.database, key, async (tx) => {
    await lockCustomer(tx, customer.pk)
    const order = await decideOrder(deps, tx, viewer, customer, { ...input, quantity })
    refuseUncollectable(order.amount, input.bundle == null ? 'quantities' : 'quantity')
    await refuseWhileProcessing(tx, customer.pk, order.purpose)
    const purposeHash = purposeHashOf(order.purpose)
    const session = await openCheckout(tx, project, {
      ...order,
      customerPk: customer.pk,
      purposeHash,
      successUrl,
      cancelUrl,
    })
    return { sessionId: session.id }
  })
  return (await readCheckout(deps.database, sessionId)) as CheckoutSession
}

async function decideOrder(
  deps: SubscriptionDeps,
  tx: Transaction,
  viewer: Viewer,
  customer: Customer,
  input: CheckoutSessionInput & { readonly quantity: number },
): Promise<Order> {
  const { project } = viewer
  const now = nowOf(project)
  const live = (await readLiveSubscriptions(tx, [customer.pk])).get(customer.pk) ?? []
  const subscriptions = live.filter((subscription) => isInForce(subscription, now))
  if (input.bundle != null) {
    const offer = findBundle(await deps.catalog.fresh(project.id), live, viewer, input.bundle)
    return orderBundles(tx, customer.pk, offer, input.quantity)
  }
  const card = await findCard(deps.catalog, viewer, input.rateCard as string)
  const quantities = checkQuantities(viewer, card.card, input.quantities)
  const catalog = await deps.catalog.read(project.id)
  const places = placesOf(card.card, subscriptions, ({ cardPk }) => catalog.versionsByPk.get(cardPk)?.card)
  const [replaced] = places.insteadOf
  // Beside all of them, or refused with the meter that is in its way.
  if (!replaced) {
    const start = await decideStart(tx, customer.pk, catalog, card, quantities, now)
    const amount = await dueAtStart(tx, customer.pk, start, card)
    return { purpose: { kind: 'subscribe', cardPk: card.pk, quantities }, amount, description: card.card.name }
  }
  return orderChange(deps, tx, project, customer.pk, {
    subscriptionId: replaced.id,
    from: await versionOf(deps.catalog, project.id, replaced.cardPk),
    to: card,
    quantities: carryQuantities(viewer, card.card, replaced.quantities, input.quantities),
    behavior: 'RATE_DIFFERENCE',
    at: now,
  })
}
