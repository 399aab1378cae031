import {
  type AccessDecision,
  add,
  amountOf,
  type Cause,
  captureParts,
  type Demand,
  extended,
  formatAmount,
  holdCredits,
  isOpen,
  releaseParts,
  type Taken,
} from '@florin/core'
import { publicId } from '../../platform/ids.ts'
import type { StoredHold } from '../ledger/read-holds.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { askedOf, type Decided, decideDemand, storedDecision } from './decide-demand.ts'
import { openStep } from './decide-usage.ts'
import { feedMeter } from './feed-meter.ts'
import type { HoldSnapshot, MeterFeed, SpendAnswer, SpendRequest, StoredDraw } from './spend-request.ts'

type HoldRequest = NonNullable<SpendRequest['hold']>

/** Decides what becomes of a hold, and applies it to the locked customer. Pure but for that customer's state. */
export function decideHold(customer: CustomerUsage, request: SpendRequest, asked: HoldRequest): SpendAnswer {
  if (request.operation === 'createHold') return createHold(customer, request, asked)
  const hold = customer.holdOf(asked.id)
  if (!hold) throw new Error(`hold ${asked.id} is missing`)
  if (request.operation === 'releaseHold') return releaseHold(customer, request, hold)
  if (!isOpen(hold, request.now)) return settled(hold, request)
  return request.operation === 'extendHold' ? extendHold(customer, request, hold) : captureHold(customer, request, hold)
}

function createHold(customer: CustomerUsage, request: SpendRequest, { id, ttlMs }: HoldRequest): SpendAnswer {
  const decided = decideDemand(customer, request)
  if (!decided.ok) return decided.answer
  const { rating, quantity } = decided
  const { now } = request
  const none = amountOf<'credits'>('0')
  const empty: StoredHold = {
    id,
    customerPk: request.customerPk,
    payerPk: customer.customerPk,
    meter: rating.rate.meter,
    creditType: rating.rate.creditType,
    status: 'OPEN',
    quantity: amountOf('0'),
    credits: none,
    parts: [],
    overage: none,
    properties: request.properties,
    createdAt: now,
    expiresAt: now + ttlMs,
    ttlMs,
    captured: null,
    settledAt: null,
  }
  return reserve(customer, request, empty, decided, quantity)
}

function extendHold(customer: CustomerUsage, request: SpendRequest, hold: StoredHold): SpendAnswer {
  const decided = decideDemand(customer, request, hold.quantity)
  if (decided.ok) {
    // The card draws on another pool by now: what is held can't be added to.
    if (decided.rating.rate.creditType !== hold.creditType) return settled(hold, request)
    return reserve(customer, request, hold, decided, decided.quantity)
  }
  const { answer } = decided
  if (answer.status !== 'REFUSED') return answer
  return { ...answer, result: { ...answer.result, hold: snapshotOf(hold, request) } }
}

/** Takes what was allowed out of the grants, into the hold. */
function reserve(
  customer: CustomerUsage,
  request: SpendRequest,
  hold: StoredHold,
  { decision, rating }: Extract<Decided, { ok: true }>,
  quantity: StoredHold['quantity'],
): SpendAnswer {
  const { now } = request
  const { creditType, meter } = rating.rate
  const step = openStep(customer)
  const cause = holdCause(hold, request, { quantity: formatAmount(quantity) })
  const taken = holdCredits(step.account, { creditType, meter, amount: decision.cost, at: now, cause })
  const grown: StoredHold = { ...hold, ...extended(hold, quantity, taken, taken.shortfall, now) }
  customer.apply({ ...step, account: taken.account, entries: taken.entries, hold: grown })
  const [feed] = request.feeds as readonly [MeterFeed]
  const stored = { ...storedDecision(decision), asked: askedOf({ meter: feed.meter, quantity, rating }) }
  const result = { draws: [], version: step.account.version, decision: stored }
  return { status: 'RECORDED', replayed: false, result: { ...result, hold: snapshotOf(grown, request) } }
}

/** What was really used is recorded usage that the hold pays for first. */
function captureHold(customer: CustomerUsage, request: SpendRequest, hold: StoredHold): SpendAnswer {
  const [feed] = request.feeds as readonly [MeterFeed]
  const cause: Cause = { type: 'usage_event', id: request.key, detail: { hold: publicId('hold', hold.id) } }
  const release = holdCause(hold, request, { reason: 'it was captured' })
  const step = openStep(customer)
  const fed = feedMeter(customer, request, feed, step, cause, {
    pay: (account, demand) => payFromHold(account, hold, demand, release),
  })
  if (!fed.ok) return fed.answer
  // Without a card nothing was paid for, and the hold still holds.
  const paid = fed.step.account !== step.account
  const left = paid ? fed.step : { ...fed.step, ...releaseParts(step.account, hold.parts, request.now, release) }
  const captured: StoredHold = {
    ...hold,
    status: 'CAPTURED',
    captured: feed.quantity,
    settledAt: request.now,
  }
  customer.apply({ ...left, hold: captured })
  const decision = storedDecision(coverOf(fed.draw))
  const result = { draws: [fed.draw], version: step.account.version, decision, hold: snapshotOf(captured, request) }
  return { status: 'RECORDED', replayed: false, result }
}

/** Credits of another type than the card draws on by now are of no use: they go back, and the usage is drawn. */
function payFromHold(account: Taken['account'], hold: StoredHold, demand: Demand, release: Cause): Taken {
  if (hold.creditType === demand.creditType) return captureParts(account, hold.parts, demand, release)
  const released = releaseParts(account, hold.parts, demand.at, release)
  const paid = captureParts(released.account, [], demand, release)
  return { ...paid, entries: [...released.entries, ...paid.entries] }
}

/** Whether the grants covered what was used. It has happened, so nothing is refused any more. */
function coverOf(draw: StoredDraw): AccessDecision {
  const credits = (field: 'credits' | 'overage' | 'uncovered' | 'available') => amountOf<'credits'>(draw[field])
  const [drawn, overage, uncovered] = [credits('credits'), credits('overage'), credits('uncovered')]
  const reason = uncovered > 0n ? 'INSUFFICIENT_CREDITS' : overage > 0n ? 'OVERAGE' : 'COVERED'
  const cost = add(add(drawn, overage), uncovered)
  return { allowed: uncovered === 0n, reason, cost, available: add(credits('available'), drawn) }
}

function releaseHold(customer: CustomerUsage, request: SpendRequest, hold: StoredHold): SpendAnswer {
  if (hold.status === 'CAPTURED') return settled(hold, request)
  if (hold.status !== 'OPEN') {
    return {
      status: 'RELEASED',
      result: { draws: [], version: customer.account.version, hold: snapshotOf(hold, request) },
    }
  }
  const step = openStep(customer)
  const cause = holdCause(hold, request, { reason: 'it was released' })
  const { account, entries } = releaseParts(step.account, hold.parts, request.now, cause)
  const released: StoredHold = { ...hold, status: 'RELEASED', settledAt: request.now }
  customer.apply({ ...step, account, entries, hold: released })
  return { status: 'RELEASED', result: { draws: [], version: account.version, hold: snapshotOf(released, request) } }
}

function settled(hold: StoredHold, request: SpendRequest): SpendAnswer {
  return { status: 'SETTLED', hold: snapshotOf(hold, request) }
}

function holdCause(hold: StoredHold, { catalog }: SpendRequest, detail: Record<string, string>): Cause {
  return { type: 'hold', id: hold.id, detail: { meter: catalog.metersByPk.get(hold.meter)?.code ?? '', ...detail } }
}

/** The hold as the API shows it. */
export function snapshotOf(hold: StoredHold, { catalog }: Pick<SpendRequest, 'catalog'>): HoldSnapshot {
  return {
    id: hold.id,
    status: hold.status,
    meter: catalog.metersByPk.get(hold.meter)?.code ?? '',
    creditType: catalog.creditTypesByPk.get(hold.creditType)?.code ?? '',
    quantity: formatAmount(hold.quantity),
    credits: formatAmount(hold.credits),
    overage: formatAmount(hold.overage),
    expiresAt: hold.expiresAt,
  }
}
