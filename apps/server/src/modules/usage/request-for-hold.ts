import type { Quantity } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Project } from '../accounts/viewer.ts'
import type { HoldDeps } from './create-hold.ts'
import type { HoldFacts } from './find-hold.ts'
import type { SpendRequest } from './spend-request.ts'

/** What a request about a hold says beside its operation and key. */
export async function requestForHold(
  deps: HoldDeps,
  project: Project,
  { id, customerPk, customerId, meterPk, properties }: HoldFacts,
  quantity: Quantity,
): Promise<Omit<SpendRequest, 'operation' | 'key' | 'inputHash'>> {
  const read = await deps.catalog.read(project.id)
  const catalog = read.metersByPk.has(meterPk) ? read : await deps.catalog.fresh(project.id)
  const meter = catalog.metersByPk.get(meterPk)
  if (!meter) throw new Error(`meter ${meterPk} of hold ${id} is missing`)
  const now = nowOf(project)
  return {
    projectId: project.id,
    customerPk,
    customerId,
    catalog,
    feeds: [{ meter, quantity, value: null, digest: null, field: 'quantity' }],
    eventName: meter.eventName,
    properties,
    timestamp: now,
    now,
    hold: { id, ttlMs: 0 },
  }
}
