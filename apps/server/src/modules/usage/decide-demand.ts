import { type AccessDecision, add, formatAmount, type Quantity, remainingIn, withinBudgets } from '@florin/core'
import type { CatalogMeter } from '../catalog/read-catalog.ts'
import { applySpendLimit } from './apply-spend-limit.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { type Lineage, roomOf, versionOf } from './event-step.ts'
import { rateFeed, spendingOf, unpriced } from './feed-meter.ts'
import { findRemedies } from './find-remedies.ts'
import { decideRated, type Payer, withoutCard } from './rate-meter.ts'
import type { Asked, MeterFeed, SpendAnswer, SpendRequest, StoredDecision, StoredResult } from './spend-request.ts'

type Paid = Payer<CustomerUsage>

/** Usage that is allowed and has not happened yet, or the answer that refuses it. */
export type Decided =
  | { readonly ok: true; readonly paid: Paid; readonly quantity: Quantity; readonly decision: AccessDecision }
  | { readonly ok: false; readonly answer: SpendAnswer }

/**
 * Whether the asker may use what the request asks for, by the pools that pay and the budgets of all levels up to them.
 *
 * @param ahead what is reserved already and comes before it: prices go by the period's cumulative quantity.
 */
export function decideDemand(line: Lineage, request: SpendRequest, ahead = 0n as Quantity): Decided {
  const [feed] = request.feeds as readonly [MeterFeed]
  const rated = rateFeed(line, request, feed)
  if (!rated.ok) return rated
  const { paid, quantity } = rated
  const access = paid ? accessTo(paid, request, quantity, ahead) : withoutCard(quantity)
  if (!access.ok) return { ok: false, answer: unpriced(access) }
  const { decision } = access
  if (paid && decision.allowed) return { ok: true, paid, quantity, decision }
  if (paid && decision.reason === 'BUDGET_REACHED') markRefusing(paid, decision)
  return { ok: false, answer: refuse(line, request, { meter: feed.meter, quantity, paid }, decision) }
}

function accessTo({ payer, levels, rating }: Paid, request: SpendRequest, quantity: Quantity, ahead: Quantity) {
  const { rate } = rating
  const counted = payer.usageOf(rate.meter, rating.periodStart)
  const usage = { ...counted, quantity: add(counted.quantity, ahead) }
  const { properties, now: at } = request
  const access = decideRated(rating, payer.account, { rate, usage, quantity, properties, at })
  if (!access.ok) return access
  const decision = applySpendLimit(spendingOf(payer, request), rating, access.decision, at)
  if (decision.reason === 'SPEND_LIMIT_REACHED') payer.limitReachedSince = rating.periodStart
  return { ok: true as const, decision: withinBudgets(decision, roomOf(levels, rate.creditType)) }
}

function markRefusing({ levels, rating }: Paid, { cost }: AccessDecision): void {
  const { creditType } = rating.rate
  for (const level of levels) {
    const budget = level.budgets.get(creditType)
    if (budget && cost > remainingIn(budget)) level.refuse(creditType)
  }
}

// A refusal is kept with its key, so that a retry after a top-up still gets it. It moves nothing, so the version stays.
function refuse(line: Lineage, request: SpendRequest, demand: DemandOf, decision: AccessDecision): SpendAnswer {
  const { catalog, properties, now } = request
  const { meter, quantity, paid } = demand
  const customer = paid?.payer ?? line[0]
  // Neither a card nor credits lift a budget.
  const remedies =
    decision.reason === 'BUDGET_REACHED'
      ? { cardPks: [], bundles: [] }
      : findRemedies({ catalog, customer, meter, quantity, properties, now })
  const stored = { ...storedDecision(decision), remedies, asked: askedOf(demand) }
  const result = { draws: [], version: versionOf(line), decision: stored, ...payerIn(line, paid) }
  return { status: 'REFUSED', replayed: false, result }
}

interface DemandOf {
  readonly meter: CatalogMeter
  readonly quantity: Quantity
  readonly paid: Paid | null
}

/** What was asked for, as it is kept with the decision. */
export function askedOf({ meter, quantity, paid }: DemandOf): Asked {
  const card = paid && { pk: paid.rating.card.pk, overage: paid.rating.rate.overage }
  return { meter: meter.code, quantity: formatAmount(quantity), card }
}

/** Whose balance was decided on, and its version, where it is not the asker's own alone. */
export function payerIn(line: Lineage, paid: Paid | null): Pick<StoredResult, 'payer'> {
  if (line.length === 1) return {}
  const { customerPk: pk, account } = paid?.payer ?? line[0]
  return { payer: { pk, version: account.version } }
}

/** A decision as it is kept with its key. */
export function storedDecision({ allowed, reason, cost, available }: AccessDecision): StoredDecision {
  return { allowed, reason, cost: formatAmount(cost), available: formatAmount(available) }
}
