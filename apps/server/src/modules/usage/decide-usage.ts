import {
  type AccessDecision,
  type Cause,
  formatAmount,
  type MeterUsage,
  measure,
  measureQuantity,
  nextVersion,
  type Quantity,
  spend,
  type Unpriced,
} from '@florin/core'
import type { CatalogMeter } from '../catalog/read-catalog.ts'
import { type CustomerUsage, quarterOf, type UsageStep } from './customer-usage.ts'
import { findRemedies } from './find-remedies.ts'
import { decideRated, type Rating, rateMeter, withoutCard } from './rate-meter.ts'
import { usageKey } from './read-meter-usage.ts'
import { type ValueKey, valueKey } from './read-unique-values.ts'
import type { MeterFeed, SpendAnswer, SpendRequest, StoredDecision, StoredDraw } from './spend-request.ts'

/** Decides one request against its locked customer and applies it there. Pure but for that customer's state. */
export function decideUsage(customer: CustomerUsage, request: SpendRequest): SpendAnswer {
  return request.operation === 'consume' ? decideConsume(customer, request) : decideRecord(customer, request)
}

function decideConsume(customer: CustomerUsage, request: SpendRequest): SpendAnswer {
  const [feed] = request.feeds as readonly [MeterFeed]
  const rating = rateMeter(
    customer.subscriptions,
    request.catalog.versionsByPk,
    feed.meter,
    request.timestamp,
    request.now,
  )
  const quantity = quantityFor(customer, feed, rating)
  if (!quantity.ok) return { status: 'INVALID', field: feed.field, message: quantity.message }
  const access = rating ? accessTo(customer, request, rating, quantity.quantity) : withoutCard(quantity.quantity)
  if (!access.ok) return unpriced(access)
  const { decision } = access
  if (!rating || !decision.allowed) return refuse(customer, request, feed.meter, quantity.quantity, decision)
  const answer = decideRecord(customer, request)
  if (answer.status !== 'RECORDED') return answer
  return { ...answer, result: { ...answer.result, decision: storedDecision(decision) } }
}

/** Records every meter that the event feeds, or none of them. */
function decideRecord(customer: CustomerUsage, request: SpendRequest): SpendAnswer {
  const cause: Cause = { type: 'usage_event', id: request.key }
  const account = nextVersion(customer.account)
  let step: UsageStep = { account, entries: [], usage: new Map(), quarters: [], values: [] }
  const draws: StoredDraw[] = []
  for (const feed of request.feeds) {
    const fed = feedMeter(customer, request, feed, step, cause)
    if (!fed.ok) return fed.answer
    step = fed.step
    draws.push(fed.draw)
  }
  customer.apply(step)
  return { status: 'RECORDED', replayed: false, result: { draws, version: step.account.version } }
}

type Fed = { ok: true; step: UsageStep; draw: StoredDraw } | { ok: false; answer: SpendAnswer }

function feedMeter(
  customer: CustomerUsage,
  request: SpendRequest,
  feed: MeterFeed,
  step: UsageStep,
  cause: Cause,
): Fed {
  const { meter } = feed
  const { catalog, timestamp, now, properties } = request
  const rating = rateMeter(customer.subscriptions, catalog.versionsByPk, meter, timestamp, now)
  const measured = quantityFor(customer, feed, rating)
  if (!measured.ok) return { ok: false, answer: { status: 'INVALID', field: feed.field, message: measured.message } }
  const { quantity } = measured
  if (!rating) return { ok: true, ...unrated(step, meter, quantity, timestamp) }
  const usage = customer.usageOf(meter.pk, rating.periodStart)
  const value = quantity === 0n ? null : valueIn(customer, feed, rating)
  const detail = { meter: meter.code, quantity: formatAmount(quantity) }
  const spent = spend(step.account, { rate: rating.rate, usage, quantity, properties, at: now }, { ...cause, detail })
  if (!spent.ok) return { ok: false, answer: unpriced(spent) }
  const next: UsageStep = {
    account: spent.account,
    entries: [...step.entries, ...spent.entries],
    usage: new Map(step.usage).set(usageKey(customer.customerPk, meter.pk, rating.periodStart), spent.usage),
    quarters: [...step.quarters, { meterPk: meter.pk, start: quarterOf(timestamp), quantity, credits: spent.cost }],
    values: value === null ? step.values : [...step.values, value],
  }
  const creditType = rating.rate.creditType
  const draw: StoredDraw = {
    meter: meter.code,
    creditType: catalog.creditTypesByPk.get(creditType)?.code ?? meter.code,
    quantity: formatAmount(quantity),
    credits: formatAmount(spent.drawn),
    overage: formatAmount(spent.overage),
    uncovered: formatAmount(spent.uncovered),
    available: formatAmount(spent.account.available.get(creditType) ?? 0n),
    periodStart: rating.periodStart,
    ...(value !== null && { digest: feed.digest as string }),
  }
  return { ok: true, step: next, draw }
}

// No card rates the meter: what happened is kept and shown, in the meter's own units, and nothing is drawn.
function unrated(step: UsageStep, meter: CatalogMeter, quantity: Quantity, timestamp: number) {
  const uncovered = formatAmount(quantity)
  return {
    step: {
      ...step,
      quarters: [...step.quarters, { meterPk: meter.pk, start: quarterOf(timestamp), quantity, credits: 0n }],
    },
    draw: {
      meter: meter.code,
      creditType: meter.code,
      quantity: uncovered,
      credits: '0',
      overage: '0',
      uncovered,
      available: '0',
    },
  }
}

/** Without a card there is no period that could have seen the value: it is kept as new. */
function isNew(customer: CustomerUsage, feed: MeterFeed, rating: Rating | null): boolean {
  const value = rating && valueIn(customer, feed, rating)
  return value === null || !customer.hasSeen(value)
}

function valueIn({ customerPk }: CustomerUsage, { meter, digest }: MeterFeed, rating: Rating): ValueKey | null {
  return digest === null ? null : valueKey(usageKey(customerPk, meter.pk, rating.periodStart), digest)
}

function quantityFor(customer: CustomerUsage, feed: MeterFeed, rating: Rating | null) {
  const { meter } = feed
  const counted: MeterUsage['quantity'] = rating
    ? customer.usageOf(meter.pk, rating.periodStart).quantity
    : (0n as MeterUsage['quantity'])
  return feed.quantity === null
    ? measure(meter, feed.value, counted, isNew(customer, feed, rating))
    : measureQuantity(meter.aggregation, feed.quantity, counted, 'quantity')
}

function accessTo(customer: CustomerUsage, request: SpendRequest, rating: Rating, quantity: Quantity) {
  const usage = customer.usageOf(rating.rate.meter, rating.periodStart)
  return decideRated(rating, customer.account, {
    rate: rating.rate,
    usage,
    quantity,
    properties: request.properties,
    at: request.now,
  })
}

// A refusal is kept with its key, so that a retry after a top-up still gets it. It moves nothing, so the version stays.
function refuse(
  customer: CustomerUsage,
  request: SpendRequest,
  meter: CatalogMeter,
  quantity: Quantity,
  decision: AccessDecision,
): SpendAnswer {
  const { catalog, properties, now } = request
  const remedies = findRemedies({ catalog, customer, meter, quantity, properties, now })
  const result = { draws: [], version: customer.account.version, decision: { ...storedDecision(decision), remedies } }
  return { status: 'REFUSED', replayed: false, result }
}

function storedDecision({ allowed, reason, cost, available }: AccessDecision): StoredDecision {
  return { allowed, reason, cost: formatAmount(cost), available: formatAmount(available) }
}

function unpriced(failure: Unpriced): SpendAnswer {
  const field = failure.property ? `properties.${failure.property}` : 'properties'
  const message = failure.property
    ? `the price needs the property "${failure.property}" as a decimal of at least zero`
    : 'no row of the rate matches these properties, and it has no `otherwise`'
  return { status: 'INVALID', field, message }
}
