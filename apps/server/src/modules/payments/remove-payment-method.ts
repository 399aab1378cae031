import { nowOf, realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { PaymentDeps } from './deps.ts'
import { detachMethod } from './detach-method.ts'
import { readPaymentMethods } from './read-payment-methods.ts'
import type { PaymentMethod } from './read-payment-profile.ts'
import { pickMethod } from './set-default-payment-method.ts'

/**
 * Removes one of a customer's methods, here and then at the provider. Of the others the newest becomes the default if it was
 * that. The last one may go too: what is due then waits for the customer. Throws NOT_FOUND, and CONFLICT while it is charged.
 */
export async function removePaymentMethod(
  deps: PaymentDeps,
  project: Project,
  input: { customerId: string; paymentMethodId: string },
): Promise<readonly PaymentMethod[]> {
  const { database, pubsub } = deps
  const { pk: customerPk } = await findCustomer(database, project, input.customerId)
  const { result, version } = await database.transaction((tx) =>
    withAccount(tx, customerPk, nowOf(project), async (session) => {
      const method = pickMethod(await readPaymentMethods(tx, customerPk), input.paymentMethodId)
      await refuseWhileCharged(tx, customerPk, method)
      await dropMethod(tx, customerPk, method.id)
      session.touch()
      return { removed: method.id, left: await readPaymentMethods(tx, customerPk) }
    }),
  )
  pubsub.publish([{ key: customerPk, version }])
  await detachMethod(deps, project, result.removed).catch((error: unknown) =>
    deps.log.warn({ err: error, method: result.removed }, 'a method could not be detached; it is tried again'),
  )
  return result.left
}

/** Takes a method off a customer; the newest of the others is charged from now on if this one was. */
export async function dropMethod(tx: Transaction, customerPk: number, methodId: string): Promise<void> {
  await tx.query(`update payment_method set removed_at = $2 where id = $1`, [methodId, new Date(realNow())])
  const [next] = await readPaymentMethods(tx, customerPk)
  await tx.query(
    `update payment_profile set payment_method_id = $3 where customer_pk = $1 and active and payment_method_id = $2`,
    [customerPk, methodId, next?.id ?? null],
  )
}

async function refuseWhileCharged(tx: Transaction, customerPk: number, method: PaymentMethod): Promise<void> {
  const rows = await tx.query(
    `select 1 from payment where customer_pk = $1 and settled_at is null and payment_method_id = $2`,
    [customerPk, method.providerId],
  )
  if (rows.length === 0) return
  throw new Fault(
    'CONFLICT',
    'a payment is being made with this method: wait until it has come or failed, then remove it',
    'paymentMethodId',
  )
}
