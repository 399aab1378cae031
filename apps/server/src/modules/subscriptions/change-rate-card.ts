import { checkKey } from '../../platform/command.ts'
import { invalidInput } from '../../platform/errors.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { type CheckoutUrls, type Collected, collectPayment } from '../payments/collect-payment.ts'
import { type CardChange, findChanging, planChange } from './change-subscription.ts'
import { checkQuantities, type RateQuantityInput } from './check-quantities.ts'
import type { SubscriptionDeps } from './deps.ts'
import { findCard, findSubscription, versionOf } from './read-subscription.ts'
import { scheduleChange } from './schedule-change.ts'

export type ChangeBehavior = 'RATE_DIFFERENCE' | 'PRORATE' | 'AT_PERIOD_END'

export interface ChangeRateCardInput {
  subscriptionId: string
  rateCard: string
  behavior: ChangeBehavior
  quantities?: readonly RateQuantityInput[] | null | undefined
  checkout?: CheckoutUrls | null | undefined
  idempotencyKey?: string | null | undefined
}

/** Moves a subscription to another card. Throws NOT_FOUND, INVALID_INPUT, CONFLICT. */
export async function changeRateCard(
  deps: SubscriptionDeps,
  viewer: Viewer,
  input: ChangeRateCardInput,
): Promise<Collected> {
  if (input.behavior === 'PRORATE') throw invalidInput('behavior', 'PRORATE is not available yet: use RATE_DIFFERENCE')
  const { project } = viewer
  const subscription = await findSubscription(deps.database, viewer, input.subscriptionId)
  const to = await findCard(deps.catalog, viewer, input.rateCard)
  const from = await versionOf(deps.catalog, project.id, subscription.cardPk)
  const quantities = { ...subscription.quantities, ...checkQuantities(viewer, to.card, input.quantities) }
  const change: CardChange = { subscriptionId: subscription.id, from, to, quantities }
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
  if (input.behavior === 'AT_PERIOD_END')
    return { kind: 'done', outcome: await scheduleChange(deps, project, customerPk, change, key) }
  return collectPayment(deps, project, {
    customerPk,
    key,
    checkout: input.checkout ?? null,
    decide: async (tx) => {
      const plan = planChange(await findChanging(tx, customerPk, change), change)
      return {
        purpose: {
          kind: 'change',
          subscriptionId: subscription.id,
          fromCardPk: from.pk,
          cardPk: to.pk,
          quantities,
        },
        amount: plan.due,
        description: `Change to ${to.card.name}`,
      }
    },
  })
}
