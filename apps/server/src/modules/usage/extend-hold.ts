import { formatAmount } from '@florin/core'
import { checkKey, inputHash } from '../../platform/command.ts'
import { Fault } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkQuantity } from './check-event.ts'
import { type HoldAnswer, type HoldDeps, holdAnswer } from './create-hold.ts'
import { requestForHold } from './request-for-hold.ts'
import type { HoldSnapshot } from './spend-request.ts'

export interface ExtendHoldInput {
  holdId: string
  quantity: unknown
  idempotencyKey: string
}

/**
 * Adds to an open hold and gives it its time anew. Refused: the hold stays as it was, its end too, and the stream should
 * stop. Throws NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_CONFLICT, and CONFLICT once the hold is settled.
 */
export async function extendHold(deps: HoldDeps, project: Project, input: ExtendHoldInput): Promise<HoldAnswer> {
  const key = checkKey(input.idempotencyKey)
  const quantity = checkQuantity(input.quantity)
  const known = await deps.findHold(project, input.holdId)
  const request = await requestForHold(deps, project, known, quantity)
  const hash = inputHash({ holdId: input.holdId, quantity: formatAmount(quantity) })
  const [answer] = await deps.spendUsage([{ ...request, operation: 'extendHold', key, inputHash: hash }])
  if (answer?.status === 'SETTLED') throw settledHold(answer.hold, 'extended: create another one')
  return holdAnswer(answer, key)
}

/** The hold is not open any more. */
export function settledHold({ status, expiresAt }: HoldSnapshot, what: string): Fault {
  const how = status === 'OPEN' ? 'of another pool than the one that pays now' : status.toLowerCase()
  const when = status === 'EXPIRED' ? ` (at ${new Date(expiresAt).toISOString()})` : ''
  return new Fault('CONFLICT', `the hold is ${how}${when}: it can't be ${what}`, 'holdId')
}
