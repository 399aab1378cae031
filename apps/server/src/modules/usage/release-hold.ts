import type { Quantity } from '@florin/core'
import type { Project } from '../accounts/viewer.ts'
import type { HoldDeps } from './create-hold.ts'
import { settledHold } from './extend-hold.ts'
import { requestForHold } from './request-for-hold.ts'
import type { HoldSnapshot } from './spend-request.ts'

/**
 * Gives back all that a hold holds, to the grants that it came from. Of one that is released or has expired already it
 * changes nothing. Throws NOT_FOUND, and CONFLICT once the hold is captured.
 */
export async function releaseHold(deps: HoldDeps, project: Project, holdId: string): Promise<HoldSnapshot> {
  const known = await deps.findHold(project, holdId)
  const request = await requestForHold(deps, project, known, 0n as Quantity)
  const [answer] = await deps.spendUsage([{ ...request, operation: 'releaseHold', key: holdId, inputHash: '' }])
  if (answer?.status === 'SETTLED') throw settledHold(answer.hold, 'released: give it back with voidUsage')
  if (answer?.status !== 'RELEASED' || !answer.result.hold) throw new Error('a release got no answer')
  return answer.result.hold
}
