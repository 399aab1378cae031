import {
  type AccessDecision,
  add,
  amountOf,
  type Cause,
  captureParts,
  extended,
  formatAmount,
  holdCredits,
  isOpen,
  releaseParts,
  reserveIn,
  settleIn,
} from '@florin/core'
import { publicId } from '../../platform/ids.ts'
import type { StoredHold } from '../ledger/read-holds.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { askedOf, type Decided, decideDemand, payerIn, storedDecision } from './decide-demand.ts'
import { applyStep, countAt, type EventStep, type Lineage, openedAt, openStep, versionOf } from './event-step.ts'
import { feedMeter, heldBy, rateFeed, reservedAt } from './feed-meter.ts'
import type { Payer } from './rate-meter.ts'
import type { HoldSnapshot, MeterFeed, SpendAnswer, SpendRequest, StoredDraw } from './spend-request.ts'

type HoldRequest = NonNullable<SpendRequest['hold']>

/** Decides what becomes of a hold, and applies it to the locked lineage. Pure but for the state of those customers. */
export function decideHold(line: Lineage, request: SpendRequest, asked: HoldRequest): SpendAnswer {
  if (request.operation === 'createHold') return createHold(line, request, asked)
  const payer = line.find((member) => member.holdOf(asked.id))
  const hold = payer?.holdOf(asked.id)
  if (!hold) throw new Error(`hold ${asked.id} is missing`)
  if (request.operation === 'releaseHold') return releaseHold(line, request, hold)
  if (!isOpen(hold, request.now)) return settled(hold, request)
  return request.operation === 'extendHold' ? extendHold(line, request, hold) : captureHold(line, request, hold)
}

function createHold(line: Lineage, request: SpendRequest, { id, ttlMs }: HoldRequest): SpendAnswer {
  const decided = decideDemand(line, request)
  if (!decided.ok) return decided.answer
  const { payer, rating } = decided.paid
  const { now } = request
  const none = amountOf<'credits'>('0')
  const empty: StoredHold = {
    id,
    customerPk: request.customerPk,
    payerPk: payer.customerPk,
    meter: rating.rate.meter,
    creditType: rating.rate.creditType,
    status: 'OPEN',
    quantity: amountOf('0'),
    credits: none,
    parts: [],
    overage: none,
    budgets: [],
    properties: request.properties,
    createdAt: now,
    expiresAt: now + ttlMs,
    ttlMs,
    captured: null,
    settledAt: null,
  }
  return reserve(line, request, empty, decided)
}

function extendHold(line: Lineage, request: SpendRequest, hold: StoredHold): SpendAnswer {
  const decided = decideDemand(line, request, hold.quantity)
  // Another pool pays by now: what is held can't be added to.
  if (decided.ok) return isPaidFrom(hold, decided.paid) ? reserve(line, request, hold, decided) : settled(hold, request)
  const { answer } = decided
  if (answer.status !== 'REFUSED') return answer
  return { ...answer, result: { ...answer.result, hold: snapshotOf(hold, request) } }
}

/** Takes what was allowed out of the payer's grants and of all budgets up to there, into the hold. */
function reserve(
  line: Lineage,
  request: SpendRequest,
  hold: StoredHold,
  { decision, paid, quantity }: Extract<Decided, { ok: true }>,
): SpendAnswer {
  const { now } = request
  const { payer, levels } = paid
  const { creditType, meter } = paid.rating.rate
  const cause = holdCause(hold, request, { quantity: formatAmount(quantity) })
  const opened = openStep(line)
  const before = openedAt(opened, payer)
  const taken = holdCredits(before.account, { creditType, meter, amount: decision.cost, at: now, cause })
  const { step, counted } = countAt(opened, levels, creditType, (level, budget) =>
    reserveIn(budget, reservedAt(hold, level), decision.cost),
  )
  const budgets = [...counted].map(([{ customerPk }, { reservation }]) => ({ customerPk, ...reservation }))
  const grown: StoredHold = { ...hold, ...extended(hold, quantity, taken, taken.shortfall, now), budgets }
  const part = { ...openedAt(step, payer), account: taken.account, entries: taken.entries, hold: grown }
  applyStep(new Map(step).set(payer, part))
  const [feed] = request.feeds as readonly [MeterFeed]
  const stored = { ...storedDecision(decision), asked: askedOf({ meter: feed.meter, quantity, paid }) }
  const result = { draws: [], version: versionOf(line), decision: stored, ...payerIn(line, paid) }
  return { status: 'RECORDED', replayed: false, result: { ...result, hold: snapshotOf(grown, request) } }
}

/** What was really used is recorded usage that the hold pays for first, if its pool is still the one that pays. */
function captureHold(line: Lineage, request: SpendRequest, hold: StoredHold): SpendAnswer {
  const [feed] = request.feeds as readonly [MeterFeed]
  const rated = rateFeed(line, request, feed)
  if (!rated.ok) return rated.answer
  const cause: Cause = { type: 'usage_event', id: request.key, detail: { hold: publicId('hold', hold.id) } }
  const release = holdCause(hold, request, { reason: 'it was captured' })
  const pays = rated.paid !== null && isPaidFrom(hold, rated.paid)
  const opened = pays ? openStep(line) : released(line, request, hold, release)
  const fed = feedMeter(line, request, feed, opened, cause, {
    rated,
    ...(pays && { hold, pay: (account, demand) => captureParts(account, hold.parts, demand, release) }),
  })
  if (!fed.ok) return fed.answer
  const captured: StoredHold = {
    ...hold,
    status: 'CAPTURED',
    captured: feed.quantity,
    settledAt: request.now,
  }
  applyStep(withHold(fed.step, line, captured))
  const decision = storedDecision(coverOf(fed.draw))
  const result = { draws: [fed.draw], version: versionOf(line), decision, ...payerIn(line, rated.paid) }
  return { status: 'RECORDED', replayed: false, result: { ...result, hold: snapshotOf(captured, request) } }
}

/** Whether the pool that pays is the one that the hold has taken its credits from. */
function isPaidFrom({ payerPk, creditType }: StoredHold, { payer, rating }: Payer<CustomerUsage>): boolean {
  return payer.customerPk === payerPk && rating.rate.creditType === creditType
}

/** All that is held goes back to the payer's grants, and to the budgets of all levels. */
function released(line: Lineage, request: SpendRequest, hold: StoredHold, cause: Cause): EventStep {
  const payer = payerOf(line, hold)
  const { step } = countAt(openStep(line), line, hold.creditType, (level, budget) =>
    settleIn(budget, reservedAt(hold, level), heldBy(hold), amountOf('0')),
  )
  const part = openedAt(step, payer)
  const { account, entries } = releaseParts(part.account, hold.parts, request.now, cause)
  return new Map(step).set(payer, { ...part, account, entries: [...part.entries, ...entries] })
}

function withHold(step: EventStep, line: Lineage, hold: StoredHold): EventStep {
  const payer = payerOf(line, hold)
  return new Map(step).set(payer, { ...openedAt(step, payer), hold })
}

/** A customer with open holds on the grants of those above is not moved away from them. */
function payerOf(line: Lineage, hold: StoredHold): CustomerUsage {
  const payer = line.find(({ customerPk }) => customerPk === hold.payerPk)
  if (!payer) throw new Error(`hold ${hold.id} is paid by somebody outside of its lineage`)
  return payer
}

/** Whether the grants covered what was used. It has happened, so nothing is refused any more. */
function coverOf(draw: StoredDraw): AccessDecision {
  const credits = (field: 'credits' | 'overage' | 'uncovered' | 'available') => amountOf<'credits'>(draw[field])
  const [drawn, overage, uncovered] = [credits('credits'), credits('overage'), credits('uncovered')]
  const reason = uncovered > 0n ? 'INSUFFICIENT_CREDITS' : overage > 0n ? 'OVERAGE' : 'COVERED'
  const cost = add(add(drawn, overage), uncovered)
  return { allowed: uncovered === 0n, reason, cost, available: add(credits('available'), drawn) }
}

function releaseHold(line: Lineage, request: SpendRequest, hold: StoredHold): SpendAnswer {
  if (hold.status === 'CAPTURED') return settled(hold, request)
  const answer = (now: StoredHold): SpendAnswer => ({
    status: 'RELEASED',
    result: { draws: [], version: versionOf(line), hold: snapshotOf(now, request) },
  })
  if (hold.status !== 'OPEN') return answer(hold)
  const cause = holdCause(hold, request, { reason: 'it was released' })
  const after: StoredHold = { ...hold, status: 'RELEASED', settledAt: request.now }
  applyStep(withHold(released(line, request, hold, cause), line, after))
  return answer(after)
}

function settled(hold: StoredHold, request: SpendRequest): SpendAnswer {
  return { status: 'SETTLED', hold: snapshotOf(hold, request) }
}

function holdCause(hold: StoredHold, request: SpendRequest, detail: Record<string, string>): Cause {
  const meter = request.catalog.metersByPk.get(hold.meter)?.code ?? ''
  const by = hold.payerPk === hold.customerPk ? {} : { by: request.customerId }
  return { type: 'hold', id: hold.id, detail: { meter, ...detail, ...by } }
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
