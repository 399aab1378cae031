import { type Cause, nextVersion } from '@florin/core'
import type { CustomerUsage, UsageStep } from './customer-usage.ts'
import { decideDemand, storedDecision } from './decide-demand.ts'
import { feedMeter, type Rated } from './feed-meter.ts'
import type { SpendAnswer, SpendRequest, StoredDraw } from './spend-request.ts'

/** Decides one request against its locked customer and applies it there. Pure but for that customer's state. */
export function decideUsage(customer: CustomerUsage, request: SpendRequest): SpendAnswer {
  return request.operation === 'consume' ? decideConsume(customer, request) : decideRecord(customer, request)
}

function decideConsume(customer: CustomerUsage, request: SpendRequest): SpendAnswer {
  const decided = decideDemand(customer, request)
  if (!decided.ok) return decided.answer
  const answer = decideRecord(customer, request, decided)
  if (answer.status !== 'RECORDED') return answer
  return { ...answer, result: { ...answer.result, decision: storedDecision(decided.decision) } }
}

/** Records every meter that the event feeds, or none of them. */
function decideRecord(customer: CustomerUsage, request: SpendRequest, rated?: Rated): SpendAnswer {
  const cause: Cause = { type: 'usage_event', id: request.key }
  let step = openStep(customer)
  const draws: StoredDraw[] = []
  for (const feed of request.feeds) {
    const fed = feedMeter(customer, request, feed, step, cause, { rated })
    if (!fed.ok) return fed.answer
    step = fed.step
    draws.push(fed.draw)
  }
  customer.apply(step)
  return { status: 'RECORDED', replayed: false, result: { draws, version: step.account.version } }
}

/** What happens to the customer next, in a version of its own. */
export function openStep(customer: CustomerUsage): UsageStep {
  return { account: nextVersion(customer.account), entries: [], usage: new Map(), quarters: [], values: [] }
}
