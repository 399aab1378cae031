import { notFound } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { type CheckoutSession, readCheckoutByToken } from '../payments/checkout-session.ts'
import type { PaymentDeps } from '../payments/deps.ts'

export interface OpenedCheckout {
  readonly session: CheckoutSession
  readonly project: Project
}

/** The session that a page's token opens. Throws NOT_FOUND. */
export async function findCheckout(
  { database }: Pick<PaymentDeps, 'database'>,
  token: string,
): Promise<OpenedCheckout> {
  const found = await readCheckoutByToken(database, token)
  if (!found) throw notFound('checkout', `${token.slice(0, 12)}…`, 'token')
  return found
}
