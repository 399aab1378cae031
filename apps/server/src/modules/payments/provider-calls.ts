import { currencyDecimals, type Money } from '@florin/core'
import Stripe from 'stripe'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'

/** Metadata under which Florin finds its own things again at the provider. */
export const REFERENCE = 'florin_reference'
/** And under which it sees that they are its own: another installation may use the same account. */
const INSTALLATION = 'florin_installation'

/** Whose an order is. */
export interface Marked {
  readonly installation: string
}

/** What everything that is made at the provider carries. */
export function metadataOf({
  reference,
  installation,
}: Marked & { readonly reference: string }): Record<string, string> {
  return { [REFERENCE]: reference, [INSTALLATION]: installation }
}

/** Whether a thing says that it is another installation's. One without a mark, from before there were any, does not. */
export function isForeign(metadata: Readonly<Record<string, string>> | null | undefined, own: string): boolean {
  const mark = metadata?.[INSTALLATION]
  return mark !== undefined && mark !== own
}

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

/** The most that is charged at once, in minor units. Source: stripe-notes.md 4.3. */
export const MOST_MINOR = 99_999_999n

// A proxy's 404 or 502 without an `error` key resolves as if it were the object that was asked for.
export function expectObject<Kind extends { object: string }>(answer: Kind, object: Kind['object']): Kind {
  if (answer?.object === object) return answer
  throw new Fault(
    'PAYMENT_PROVIDER_UNAVAILABLE',
    `the payment provider answered with something that is no ${object}: try again`,
  )
}

/** What an answer must say to be believed, and what it says. */
export type Facts = Readonly<Record<string, readonly [told: unknown, expected: unknown]>>

/** The names of what an answer says otherwise than it must. */
export function wrongFields(facts: Facts): string[] {
  return Object.entries(facts).flatMap(([name, [told, expected]]) => (told === expected ? [] : [name]))
}

/** An answer that contradicts what was asked for: nobody knows what was done. */
export function disbelieved(object: string, fields: readonly string[]): Fault {
  return new Fault(
    'PAYMENT_PROVIDER_UNAVAILABLE',
    `the payment provider answered with a ${object} whose ${fields.join(', ')} is not what was asked for: try again`,
  )
}

/** The id of an object that may be expanded. */
export function idOf(value: string | { id: string } | null | undefined): string | null {
  return typeof value === 'string' ? value : (value?.id ?? null)
}

/** Whether the provider says that something is not there (any more). */
export function isMissing(error: unknown, param?: string): boolean {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.code !== 'resource_missing') return false
  return param === undefined || error.param === param
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

/**
 * Asks for what may be made twice without harm. A failure of its own (500) is remembered by the provider with the key, for a day,
 * whether or not it was done before: then the same is asked for under another key.
 */
export async function askAnew<Result>(key: string, ask: (idempotencyKey: string) => Promise<Result>): Promise<Result> {
  try {
    return await ask(key)
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeAPIError) || (error.statusCode ?? 0) < 500) throw error
    return ask(`${key}_${newId()}`)
  }
}
