import { nowOf } from '../../platform/clock.ts'
import { checkKey } from '../../platform/command.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { type CheckoutUrls, type Collected, collectPayment } from '../payments/collect-payment.ts'
import { checkQuantities, type RateQuantityInput } from './check-quantities.ts'
import type { SubscriptionDeps } from './deps.ts'
import { findCard } from './read-subscription.ts'
import { renewOverdue } from './settle-due-subscriptions.ts'
import { decideStart, dueAtStart } from './start-subscription.ts'

export interface SubscribeInput {
  customerId: string
  rateCard: string
  quantities?: readonly RateQuantityInput[] | null | undefined
  checkout?: CheckoutUrls | null | undefined
  idempotencyKey?: string | null | undefined
}

/**
 * Subscribes a customer to a card: at once when nothing is due now, else when it is paid. Throws NOT_FOUND, INVALID_INPUT,
 * and CONFLICT when the customer has the card, or another one that rates the same meter.
 */
export async function subscribe(deps: SubscriptionDeps, viewer: Viewer, input: SubscribeInput): Promise<Collected> {
  const { project } = viewer
  const customer = await findCustomer(deps.database, project, input.customerId)
  const card = await findCard(deps.catalog, viewer, input.rateCard)
  const quantities = checkQuantities(viewer, card.card, input.quantities)
  await renewOverdue(deps, project.id, customer.pk)
  const { idempotencyKey, ...rest } = input
  return collectPayment(deps, project, {
    customerPk: customer.pk,
    key: idempotencyKey
      ? {
          projectId: project.id,
          operation: 'subscribe',
          scope: customer.id,
          key: checkKey(idempotencyKey),
          input: rest,
        }
      : null,
    checkout: input.checkout ?? null,
    decide: async (tx) => {
      const catalog = await deps.catalog.read(project.id)
      const start = await decideStart(tx, customer.pk, catalog, card, quantities, nowOf(project))
      return {
        purpose: { kind: 'subscribe', cardPk: card.pk, quantities },
        amount: await dueAtStart(tx, customer.pk, start, card),
        description: card.card.name,
      }
    },
  })
}
