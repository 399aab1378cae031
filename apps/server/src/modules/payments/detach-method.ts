import { realNow } from '../../platform/clock.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'

/** Makes the provider forget a method that was removed here. What is saved at an account that is not asked now stays there. */
export async function detachMethod(
  { database, providerFor }: PaymentDeps,
  project: Project,
  methodId: string,
): Promise<void> {
  const [method] = await database.query<{ account: string; provider_method_id: string }>(
    `select account, provider_method_id from payment_method where id = $1 and removed_at is not null and detached_at is null`,
    [methodId],
  )
  if (!method) return
  const provider = providerFor(project)
  const account = await provider.account()
  if (account === null || method.account === '' || method.account === account) {
    await provider.detachMethod(method.provider_method_id)
  }
  await database.query(`update payment_method set detached_at = $2 where id = $1 and removed_at is not null`, [
    methodId,
    new Date(realNow()),
  ])
}
