import { formatAmount } from '@florin/core'
import { inputHash } from '../../platform/command.ts'
import { Fault, invalidInput } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkProperties, checkUsed } from './check-event.ts'
import type { Consumed } from './consume.ts'
import type { HoldDeps } from './create-hold.ts'
import { settledHold } from './extend-hold.ts'
import { toRecordedUsage } from './recorded-usage.ts'
import { requestForHold } from './request-for-hold.ts'

export interface CaptureHoldInput {
  holdId: string
  quantity: unknown
  properties?: unknown
}

/**
 * Settles what was really used: out of the hold first, the rest of the hold goes back, and what it had too little of is
 * drawn like recorded usage. The same quantity again gets the first answer. Throws NOT_FOUND, INVALID_INPUT, and CONFLICT
 * for another quantity, or once the hold is released or has expired.
 */
export async function captureHold(
  deps: HoldDeps,
  project: Project,
  input: CaptureHoldInput,
): Promise<Consumed & { readonly customerId: string }> {
  const quantity = checkUsed(input.quantity)
  const known = await deps.findHold(project, input.holdId)
  const request = await requestForHold(deps, project, known, quantity)
  const properties = input.properties == null ? request.properties : checkProperties(input.properties)
  const hash = inputHash({ quantity: formatAmount(quantity) })
  // A hold is settled once, so its id is the key.
  const key = input.holdId
  const [answer] = await deps.spendUsage([{ ...request, properties, operation: 'captureHold', key, inputHash: hash }])
  if (answer?.status === 'SETTLED') throw settledHold(answer.hold, 'captured: record the usage with recordUsage')
  if (answer?.status === 'CONFLICT') {
    throw new Fault(
      'CONFLICT',
      'the hold was captured with another quantity: give it back with voidUsage, or record more',
      'quantity',
    )
  }
  if (answer?.status === 'INVALID') throw invalidInput(answer.field, answer.message)
  if (answer?.status !== 'RECORDED' && answer?.status !== 'VOIDED') throw new Error('a capture got no answer')
  const { decision } = answer.result
  if (!decision) throw new Error('a capture was stored without its decision')
  return { decision, usage: toRecordedUsage(key, answer), customerId: known.customerId }
}
