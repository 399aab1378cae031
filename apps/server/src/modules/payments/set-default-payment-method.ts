import { nowOf } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { storedId } from '../../platform/ids.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { PaymentDeps } from './deps.ts'
import { readPaymentMethods } from './read-payment-methods.ts'
import type { PaymentMethod } from './read-payment-profile.ts'

/**
 * Makes one of a customer's methods the one that is charged from now on. What waits for a method is tried with it at once.
 * Throws NOT_FOUND.
 */
export async function setDefaultPaymentMethod(
  deps: PaymentDeps,
  project: Project,
  input: { customerId: string; paymentMethodId: string },
): Promise<readonly PaymentMethod[]> {
  const { database, pubsub, waiting } = deps
  const { pk: customerPk } = await findCustomer(database, project, input.customerId)
  const { result: methods, version } = await database.transaction((tx) =>
    withAccount(tx, customerPk, nowOf(project), async (session) => {
      const method = pickMethod(await readPaymentMethods(tx, customerPk), input.paymentMethodId)
      if (!method.isDefault) {
        await tx.query(`update payment_profile set payment_method_id = $2 where customer_pk = $1 and active`, [
          customerPk,
          method.id,
        ])
        await waiting.methodCame(tx, { project, customerPk }, method.providerId)
        session.touch()
      }
      return readPaymentMethods(tx, customerPk)
    }),
  )
  pubsub.publish([{ key: customerPk, version }])
  return methods
}

/** The method that a public id names, among a customer's. Throws NOT_FOUND. */
export function pickMethod(methods: readonly PaymentMethod[], publicId: string): PaymentMethod {
  const id = storedId('pm', publicId)
  const method = methods.find((one) => one.id === id)
  if (!method)
    throw notFound('payment method', publicId, 'paymentMethodId', '`paymentMethods` lists those of the customer')
  return method
}
