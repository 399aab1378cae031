import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'
import { forgetCustomer } from './forget-customer.ts'
import { readDetails } from './payment-profile.ts'
import { readPaymentProfiles } from './read-payment-profile.ts'

/** Passes a customer's name and e-mail on to the provider; who was changed again meanwhile is told again. */
export async function tellCustomer(deps: PaymentDeps, project: Project, customerPk: number): Promise<void> {
  const { database } = deps
  const profile = (await readPaymentProfiles(database, [customerPk])).get(customerPk)
  if (!profile) return
  const details = await readDetails(database, customerPk, profile.account)
  const provider = deps.providerFor(project)
  const account = await provider.account()
  const isHere = account === null || profile.account === '' || profile.account === account
  if (profile.providerCustomerId && isHere) {
    const there = await provider.updateCustomer(profile.providerCustomerId, details)
    if (!there) await forgetCustomer(deps, project, customerPk)
  }
  await database.query(
    `update payment_profile p set told = true from customer c where p.customer_pk = $1 and c.pk = $1 and p.active
       and c.name is not distinct from $2 and c.email is not distinct from $3`,
    [customerPk, details.name, details.email],
  )
}
