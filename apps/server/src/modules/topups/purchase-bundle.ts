import { checkKey } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { findBundle, type Offer } from '../catalog/find-bundle.ts'
import { type CheckoutUrls, type Collected, collectPayment, type Order } from '../payments/collect-payment.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { readLiveSubscriptions } from '../subscriptions/read-subscriptions.ts'
import { dueForBundles } from './sell-bundle.ts'

export interface PurchaseBundleInput {
  customerId: string
  bundle: string
  quantity?: number | null | undefined
  checkout?: CheckoutUrls | null | undefined
  idempotencyKey: string
}

/** The most bundles that are bought at once. */
export const MOST_BUNDLES = 1_000

/** Sells bundles of credits with the card on file, or through a checkout page. Throws NOT_FOUND, INVALID_INPUT. */
export async function purchaseBundle(
  deps: SubscriptionDeps,
  viewer: Viewer,
  input: PurchaseBundleInput,
): Promise<Collected> {
  const quantity = checkBundleQuantity(input.quantity)
  const { project } = viewer
  const customer = await findCustomer(deps.database, project, input.customerId)
  const { idempotencyKey, ...rest } = input
  return collectPayment(deps, project, {
    customerPk: customer.pk,
    key: {
      projectId: project.id,
      operation: 'purchaseBundle',
      scope: customer.id,
      key: checkKey(idempotencyKey),
      input: rest,
    },
    checkout: input.checkout ?? null,
    decide: async (tx) => {
      const subscriptions = (await readLiveSubscriptions(tx, [customer.pk])).get(customer.pk) ?? []
      const offer = findBundle(await deps.catalog.fresh(project.id), subscriptions, viewer, input.bundle)
      return orderBundles(tx, customer.pk, offer, quantity)
    },
  })
}

/** What that many bundles come to. Call it under the customer's lock. */
export async function orderBundles(
  tx: Transaction,
  customerPk: number,
  offer: Offer,
  quantity: number,
): Promise<Order> {
  return {
    purpose: { kind: 'bundle', cardPk: offer.card.pk, code: offer.bundle.code, quantity },
    amount: await dueForBundles(tx, customerPk, offer, quantity),
    description: quantity === 1 ? offer.bundle.name : `${quantity} × ${offer.bundle.name}`,
  }
}

export function checkBundleQuantity(quantity: number | null | undefined): number {
  const count = quantity ?? 1
  if (count < 1 || count > MOST_BUNDLES)
    throw invalidInput('quantity', `quantity must be between 1 and ${MOST_BUNDLES}`)
  return count
}
