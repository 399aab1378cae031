import type { AccessDecision, Properties, Quantity } from '@florin/core'
import { invalidInput } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogMeter, CatalogReader } from '../catalog/read-catalog.ts'
import { checkProperties, checkQuantity } from '../usage/check-event.ts'
import { findMeter } from '../usage/consume.ts'
import { accessIn } from './access-in.ts'
import type { BillingState } from './assemble-billing-state.ts'
import type { ReadBillingState } from './read-billing-state.ts'

export interface CheckedAccess {
  readonly state: BillingState
  readonly meter: CatalogMeter
  readonly decision: AccessDecision
  readonly asked: { readonly quantity: Quantity; readonly properties: Properties }
}

/** Would this usage be allowed now? Throws NOT_FOUND, INVALID_INPUT. */
export async function checkAccess(
  { catalog, readBillingState }: { catalog: CatalogReader; readBillingState: ReadBillingState },
  project: Project,
  input: { customerId: string; meter: string; quantity?: unknown; properties?: unknown },
): Promise<CheckedAccess> {
  const quantity = checkQuantity(input.quantity)
  const properties = checkProperties(input.properties)
  const { meter } = await findMeter(catalog, project, input.meter)
  const state = await readBillingState(project, input.customerId)
  const access = accessIn(state, meter, quantity, input.properties == null ? undefined : properties)
  if (!access.ok) {
    throw invalidInput(
      access.property ? `properties.${access.property}` : 'properties',
      'the rate has no price for these properties',
    )
  }
  return { state, meter, decision: access.decision, asked: { quantity, properties } }
}
