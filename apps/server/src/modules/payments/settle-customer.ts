import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { PaymentDeps } from './deps.ts'
import { forgetCustomer } from './forget-customer.ts'

/** Forgets a customer whom the provider has lost. Answers whether there is such a customer here. */
export async function settleCustomer(deps: PaymentDeps, providerCustomerId: string): Promise<boolean> {
  const [found] = await deps.database.query<ProjectRow & { customer_pk: number }>(
    `select ${PROJECT_COLUMNS}, f.customer_pk from payment_profile f join customer c on c.pk = f.customer_pk
     join project p on p.id = c.project_id where f.provider_customer_id = $1 and f.active`,
    [providerCustomerId],
  )
  if (!found) return false
  const project = toProject(found)
  if (!(await deps.providerFor(project).hasCustomer(providerCustomerId))) {
    await forgetCustomer(deps, project, found.customer_pk)
  }
  return true
}
