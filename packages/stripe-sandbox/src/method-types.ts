import { invalidRequest } from './api-error.ts'
import type { MethodType, PaymentMethod } from './method-objects.ts'
import { list, oneOf } from './params.ts'

/** Reads `allowed_payment_method_types`. */
export const allowedTypes = list(oneOf('card', 'sepa_debit'))

/**
 * The types that a payment may use. What is asked for filters what the account offers, so that `sepa_debit` falls away
 * where the currency is not the euro.
 *
 * @throws 400 if nothing is left.
 */
export function methodTypes(allowed: readonly string[] | null | undefined, currency: string | null): MethodType[] {
  const offered: MethodType[] = currency === null || currency === 'eur' ? ['card', 'sepa_debit'] : ['card']
  const types = allowed ? offered.filter((type) => allowed.includes(type)) : offered
  if (types.length > 0) return types
  throw invalidRequest(
    `No valid payment method types for this payment. Please ensure that you have activated payment methods compatible with your chosen currency (${currency}).`,
    { code: 'payment_intent_invalid_parameter', param: 'allowed_payment_method_types' },
  )
}

interface Typed {
  readonly object: 'payment_intent' | 'setup_intent'
  readonly payment_method_types: readonly string[]
}

/** @throws 400 for a method whose type the intent doesn't take. */
export function checkType(intent: Typed, method: PaymentMethod): void {
  if (intent.payment_method_types.includes(method.type)) return
  const name = intent.object === 'payment_intent' ? 'PaymentIntent' : 'SetupIntent'
  const types = intent.payment_method_types.join(', ')
  throw invalidRequest(
    `The PaymentMethod provided (${method.type}) is not allowed for this ${name}. Please attach a PaymentMethod of one of the following types: ${types}. Alternatively update the allowed_payment_method_types for this ${name} to include "${method.type}".`,
    { param: 'payment_method' },
  )
}
