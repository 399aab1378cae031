import { checkKey, runCommand } from '../../platform/command.ts'
import { Fault } from '../../platform/errors.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import { checkRedirect } from '../accounts/set-allowed-origins.ts'
import type { Project } from '../accounts/viewer.ts'
import { type CheckoutSession, openCheckout, readCheckout } from '../payments/checkout-session.ts'
import type { CheckoutUrls } from '../payments/collect-payment.ts'
import type { PaymentDeps } from '../payments/deps.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import { purposeHashOf, type SetupPurpose } from '../payments/purpose.ts'
import { readPaymentMethods } from '../payments/read-payment-methods.ts'
import { MOST_METHODS } from '../payments/save-payment-method.ts'

export interface AddPaymentMethodInput {
  customerId: string
  checkout: CheckoutUrls
  /** Whether it is what is charged from then on, also where there is another. */
  makeDefault?: boolean | null | undefined
  idempotencyKey: string
}

/**
 * Opens a page on which a customer saves a payment method, and is charged nothing. Throws NOT_FOUND, INVALID_INPUT, and
 * CONFLICT for a customer who has as many as are kept.
 */
export async function addPaymentMethod(
  deps: PaymentDeps,
  project: Project,
  input: AddPaymentMethodInput,
): Promise<CheckoutSession> {
  const customer = await findCustomer(deps.database, project, input.customerId)
  const successUrl = await checkRedirect(deps, project, input.checkout.successUrl, 'checkout.successUrl')
  const cancelUrl = await checkRedirect(deps, project, input.checkout.cancelUrl, 'checkout.cancelUrl')
  const { idempotencyKey, ...rest } = input
  const key = checkKey(idempotencyKey)
  const purpose: SetupPurpose = { kind: 'setup', makeDefault: input.makeDefault ?? false }
  const { sessionId } = await runCommand(
    deps.database,
    { projectId: project.id, operation: 'addPaymentMethod', scope: customer.id, key, input: rest },
    async (tx) => {
      await lockCustomer(tx, customer.pk)
      if ((await readPaymentMethods(tx, customer.pk)).length >= MOST_METHODS) {
        throw new Fault('CONFLICT', `a customer keeps ${MOST_METHODS} payment methods at most: remove one first`)
      }
      const session = await openCheckout(tx, project, {
        customerPk: customer.pk,
        purpose,
        purposeHash: purposeHashOf(purpose),
        amount: { minor: 0n, currency: customer.currency ?? 'USD' },
        description: 'Payment method',
        successUrl,
        cancelUrl,
      })
      return { sessionId: session.id }
    },
  )
  return (await readCheckout(deps.database, sessionId)) as CheckoutSession
}
