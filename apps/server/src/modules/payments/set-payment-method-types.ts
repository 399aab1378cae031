import type { Database } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentMethodType } from './read-payment-profile.ts'

/** Says what customers may pay with on pages that are opened from now on. What is saved already stays. Throws INVALID_INPUT. */
export async function setPaymentMethodTypes(
  { database }: { database: Database },
  project: Project,
  types: readonly PaymentMethodType[],
): Promise<readonly PaymentMethodType[]> {
  const chosen = [...new Set(types)].sort()
  // A debit serves one currency: without cards, nothing could be paid in any other.
  if (!chosen.includes('CARD'))
    throw invalidInput('types', 'CARD must be among the types: the others serve some currencies only')
  await database.query(`update project set payment_method_types = $2::payment_method_type[] where id = $1`, [
    project.id,
    chosen,
  ])
  return chosen
}
