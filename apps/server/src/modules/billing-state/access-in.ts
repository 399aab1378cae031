import {
  type AccessDecision,
  type MeterUsage,
  type Money,
  NO_USAGE,
  ONE,
  type Properties,
  type Quantity,
  roomIn,
  roundToMinor,
  sum,
  withinBudgets,
} from '@florin/core'
import type { Catalog, CatalogMeter } from '../catalog/read-catalog.ts'
import { applySpendLimit, overageSpendIn, type Spending } from '../usage/apply-spend-limit.ts'
import { decideRated, type Payer, withoutCard } from '../usage/rate-meter.ts'
import { usageKey } from '../usage/read-meter-usage.ts'
import { type BillingState, cardsOf, type PayerFacts, payerIn } from './assemble-billing-state.ts'

/** What the customer has used of the meter in the period that is running under the card that rates it. */
export function quantityOf(state: BillingState, meter: CatalogMeter): Quantity {
  const paid = payerIn(state, meter)
  if (!paid) return NO_USAGE.quantity
  if (paid.payer === state) return countedBy(paid, meter).quantity
  return state.quantities.get(usageKey(state.customerPk, meter.pk, paid.rating.periodStart)) ?? NO_USAGE.quantity
}

function countedBy({ payer, rating }: Payer<PayerFacts>, meter: CatalogMeter): MeterUsage {
  return payer.usage.get(usageKey(payer.customerPk, meter.pk, rating.periodStart)) ?? NO_USAGE
}

export type StateAccess = ReturnType<typeof decideRated>

/** Would this usage be allowed in this state? Unknown properties are answered with the dearest price. */
export function accessIn(
  state: BillingState,
  meter: CatalogMeter,
  quantity: Quantity = ONE,
  properties?: Properties,
): StateAccess {
  const { at, catalog } = state
  const paid = payerIn(state, meter)
  if (!paid) return withoutCard(quantity)
  const { payer, rating, levels } = paid
  const request = { rate: rating.rate, usage: countedBy(paid, meter), quantity, properties: properties ?? {}, at }
  const access = decideRated(rating, payer.account, request, properties === undefined)
  if (!access.ok) return access
  const decision = applySpendLimit(spendingIn(payer, catalog), rating, access.decision, at)
  const budgets = levels.flatMap((level) =>
    level.budgets.filter(({ creditType }) => creditType === rating.rate.creditType),
  )
  return { ok: true, decision: withinBudgets(decision, roomIn(budgets)) }
}

/** What the customer's own overage comes to so far, in each currency that a card of theirs charges it in. */
export function overageSpendOf(state: BillingState): Money[] {
  const spending = spendingIn(state, state.catalog)
  const cards = cardsOf(state).map(({ card }) => card)
  const charging = cards.filter(({ ratesByMeter }) =>
    [...ratesByMeter.values()].some(({ overage }) => overage === 'CHARGE'),
  )
  return [...new Set(charging.map(({ card }) => card.currency))].map((currency) =>
    roundToMinor(overageSpendIn(spending, currency, state.at), currency),
  )
}

function spendingIn({ spendLimit, subscriptions, holds, customerPk, usage }: PayerFacts, catalog: Catalog): Spending {
  return {
    spendLimit,
    subscriptions,
    versions: catalog.versionsByPk,
    heldOverage: (meterPk) => sum(holds.filter(({ meter }) => meter === meterPk).map(({ overage }) => overage)),
    usageOf: (meterPk, periodStart) => usage.get(usageKey(customerPk, meterPk, periodStart)) ?? NO_USAGE,
  }
}

/** The same where nothing can be unpriced: quantity 1, dearest price. */
export function usualAccess(state: BillingState, meter: CatalogMeter): AccessDecision {
  const access = accessIn(state, meter)
  if (!access.ok) throw new Error(`the dearest price of meter ${meter.code} has no answer`)
  return access.decision
}
