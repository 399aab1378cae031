import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'

/** SQL: the account of the provider that a payment `y` was made at. What was paid on a page is where its payer is saved. Null: not known. */
export const PAYMENT_ACCOUNT = `coalesce(y.account, (select nullif(f.account, '') from payment_profile f
  where f.customer_pk = y.customer_pk and f.provider_customer_id = y.provider_customer_id))`

/** The account of a payment that the provider's key is not for, so that nothing of it can be looked up or given back; else null. */
export async function readOtherAccount(deps: PaymentDeps, project: Project, paymentId: string): Promise<string | null> {
  const [payment] = await deps.database.query<{ account: string | null }>(
    `select ${PAYMENT_ACCOUNT} as account from payment y where y.id = $1`,
    [paymentId],
  )
  if (!payment?.account) return null
  const account = await deps.providerFor(project).account()
  return account === null || account === payment.account ? null : payment.account
}
