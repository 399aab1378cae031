import { type AccessDecision, add, formatAmount, type Quantity } from '@florin/core'
import type { CatalogMeter } from '../catalog/read-catalog.ts'
import { applySpendLimit } from './apply-spend-limit.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { rateFeed, spendingOf, unpriced } from './feed-meter.ts'
import { findRemedies } from './find-remedies.ts'
import { decideRated, type Rating, withoutCard } from './rate-meter.ts'
import type { Asked, MeterFeed, SpendAnswer, SpendRequest, StoredDecision } from './spend-request.ts'

/** Usage that is allowed and has not happened yet, or the answer that refuses it. */
export type Decided =
  | { readonly ok: true; readonly rating: Rating; readonly quantity: Quantity; readonly decision: AccessDecision }
  | { readonly ok: false; readonly answer: SpendAnswer }

/**
 * Whether the customer may use what the request asks for.
 *
 * @param ahead what is reserved already and comes before it: prices go by the period's cumulative quantity.
 */
export function decideDemand(customer: CustomerUsage, request: SpendRequest, ahead = 0n as Quantity): Decided {
  const [feed] = request.feeds as readonly [MeterFeed]
  const rated = rateFeed(customer, request, feed)
  if (!rated.ok) return rated
  const { rating, quantity } = rated
  const access = rating ? accessTo(customer, request, rating, quantity, ahead) : withoutCard(quantity)
  if (!access.ok) return { ok: false, answer: unpriced(access) }
  const { decision } = access
  if (rating && decision.allowed) return { ok: true, rating, quantity, decision }
  return { ok: false, answer: refuse(customer, request, { meter: feed.meter, quantity, rating }, decision) }
}

function accessTo(customer: CustomerUsage, request: SpendRequest, rating: Rating, quantity: Quantity, ahead: Quantity) {
  const counted = customer.usageOf(rating.rate.meter, rating.periodStart)
  const usage = { ...counted, quantity: add(counted.quantity, ahead) }
  const { properties, now: at } = request
  const access = decideRated(rating, customer.account, { rate: rating.rate, usage, quantity, properties, at })
  if (!access.ok) return access
  return { ok: true as const, decision: applySpendLimit(spendingOf(customer, request), rating, access.decision, at) }
}

// A refusal is kept with its key, so that a retry after a top-up still gets it. It moves nothing, so the version stays.
function refuse(
  customer: CustomerUsage,
  request: SpendRequest,
  demand: DemandOf,
  decision: AccessDecision,
): SpendAnswer {
  const { catalog, properties, now } = request
  const { meter, quantity } = demand
  const remedies = findRemedies({ catalog, customer, meter, quantity, properties, now })
  const stored = { ...storedDecision(decision), remedies, asked: askedOf(demand) }
  return {
    status: 'REFUSED',
    replayed: false,
    result: { draws: [], version: customer.account.version, decision: stored },
  }
}

interface DemandOf {
  readonly meter: CatalogMeter
  readonly quantity: Quantity
  readonly rating: Rating | null
}

/** What was asked for, as it is kept with the decision. */
export function askedOf({ meter, quantity, rating }: DemandOf): Asked {
  const card = rating && { pk: rating.card.pk, overage: rating.rate.overage }
  return { meter: meter.code, quantity: formatAmount(quantity), card }
}

/** A decision as it is kept with its key. */
export function storedDecision({ allowed, reason, cost, available }: AccessDecision): StoredDecision {
  return { allowed, reason, cost: formatAmount(cost), available: formatAmount(available) }
}
