import { currencyDecimals, type Money } from '@florin/core'
import Stripe from 'stripe'
import { Fault } from '../../platform/errors.ts'

/** Metadata under which Florin finds its own things again at the provider. */
export const REFERENCE = 'florin_reference'

/** Minor units as the provider counts them. */
export function providerAmount({ minor, currency }: Money): number {
  return Number(minor * shiftOf(currency))
}

/** Money as the provider tells it. */
export function moneyOf(amount: number, providerCurrency: string): Money {
  const currency = providerCurrency.toUpperCase()
  return { minor: BigInt(amount) / shiftOf(currency), currency }
}

/** UGX has no decimals in ISO 4217, and two at Stripe. */
function shiftOf(currency: string): bigint {
  if (currencyDecimals(currency) === null) throw new Error(`unknown currency ${currency}`)
  return currency === 'UGX' ? 100n : 1n
}

// A proxy's 404 or 502 without an `error` key resolves as if it were the object that was asked for.
export function expectObject<Kind extends { object: string }>(answer: Kind, object: Kind['object']): Kind {
  if (answer?.object === object) return answer
  throw new Fault(
    'PAYMENT_PROVIDER_UNAVAILABLE',
    `the payment provider answered with something that is no ${object}: try again`,
  )
}

/** Makes a call whose failure, of whatever kind, may pass. */
export async function reached<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    throw new Fault('PAYMENT_PROVIDER_UNAVAILABLE', `the payment provider did not do it (${error.type}): try again`)
  }
}
