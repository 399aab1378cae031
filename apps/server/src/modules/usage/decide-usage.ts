import type { Cause } from '@florin/core'
import { decideDemand, payerIn, storedDecision } from './decide-demand.ts'
import { applyStep, type Lineage, openStep, versionOf } from './event-step.ts'
import { feedMeter, type Rated } from './feed-meter.ts'
import type { SpendAnswer, SpendRequest, StoredDraw } from './spend-request.ts'

/** Decides one request against its locked lineage and applies it there. Pure but for the state of those customers. */
export function decideUsage(line: Lineage, request: SpendRequest): SpendAnswer {
  return request.operation === 'consume' ? decideConsume(line, request) : decideRecord(line, request)
}

function decideConsume(line: Lineage, request: SpendRequest): SpendAnswer {
  const decided = decideDemand(line, request)
  if (!decided.ok) return decided.answer
  const answer = decideRecord(line, request, decided)
  if (answer.status !== 'RECORDED') return answer
  const decision = storedDecision(decided.decision)
  return { ...answer, result: { ...answer.result, decision, ...payerIn(line, decided.paid) } }
}

/** Records every meter that the event feeds, or none of them. */
function decideRecord(line: Lineage, request: SpendRequest, rated?: Rated): SpendAnswer {
  const cause: Cause = { type: 'usage_event', id: request.key }
  let step = openStep(line)
  const draws: StoredDraw[] = []
  for (const feed of request.feeds) {
    const fed = feedMeter(line, request, feed, step, cause, { rated })
    if (!fed.ok) return fed.answer
    step = fed.step
    draws.push(fed.draw)
  }
  applyStep(step)
  return { status: 'RECORDED', replayed: false, result: { draws, version: versionOf(line) } }
}
