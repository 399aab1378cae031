import type { CheckoutUrls } from '../../checkout/checkout.ts'
import type { Document } from '../../client/document.ts'
import { createIntents } from '../../client/live/intents.ts'
import type { Request } from '../../client/transport.ts'

/** How the methods for a browser ask: as the one customer of its token. */
export interface CustomerRequest {
  readonly request: Request
  readonly customerId: () => Promise<string>
  /** Where a checkout leads back to, unless it is said. */
  readonly leadBack: () => CheckoutUrls
  /** Sends a mutation whose input carries an idempotency key: the same for the same click (see `createIntents`). */
  readonly intend: <Result, Input extends { idempotencyKey?: string | null | undefined }>(
    document: Document<Result, { input: Input }>,
    input: Omit<Input, 'idempotencyKey'> & Keyed,
  ) => Promise<Result>
}

/** What a page says: the customer is known from the token, and the key from the click. */
export type Own<Input> = Omit<Input, 'customerId' | 'idempotencyKey'> & Keyed

/** What a page asks for: the customer is known from the token. */
export type Asked<Variables> = Omit<Variables, 'customerId'>

/** Puts the customer in. */
export function ownOf({ customerId }: CustomerRequest) {
  return async <Variables>(variables: Variables) => ({ ...variables, customerId: await customerId() })
}

/** A key of the caller's own, such as the id of a form; left out, each click gets one. */
export interface Keyed {
  readonly idempotencyKey?: string | undefined
}

export function createCustomerRequest(
  request: Request,
  customerId: () => Promise<string>,
  checkoutUrls?: CheckoutUrls | undefined,
): CustomerRequest {
  const intents = createIntents()
  return {
    request,
    customerId,
    leadBack: () => checkoutUrls ?? { successUrl: location.href, cancelUrl: location.href },
    intend: (document, input) =>
      intents(document, input, (key) => {
        const idempotencyKey = input.idempotencyKey ?? key
        return request(document, { input: { ...input, idempotencyKey } } as never)
      }),
  }
}
