import { accountRoutes } from './account.ts'
import { ApiError } from './api-error.ts'
import { chargeRoutes } from './charges.ts'
import { checkoutSessionRoutes } from './checkout-sessions.ts'
import type { Handler, Route } from './context.ts'
import { customerRoutes } from './customers.ts'
import { disputeRoutes } from './disputes.ts'
import { eventRoutes } from './events.ts'
import { mandateRoutes } from './mandates.ts'
import { paymentIntentUpdateRoutes } from './payment-intent-update.ts'
import { paymentIntentRoutes } from './payment-intents.ts'
import { paymentMethodRoutes } from './payment-methods.ts'
import { paymentPageRoutes } from './payment-pages.ts'
import { priceRoutes } from './prices.ts'
import { productRoutes } from './products.ts'
import { refundRoutes } from './refunds.ts'
import { setupIntentRoutes } from './setup-intents.ts'

const ROUTES: readonly Route[] = [
  ...accountRoutes,
  ...chargeRoutes,
  ...checkoutSessionRoutes,
  ...customerRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...mandateRoutes,
  ...paymentIntentRoutes,
  ...paymentIntentUpdateRoutes,
  ...paymentMethodRoutes,
  ...paymentPageRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...refundRoutes,
  ...setupIntentRoutes,
]

/** The handler of a request, with the id in its path. Fixed paths win over ids. @throws 404 for an unknown URL. */
export function findRoute(method: string, path: string): { readonly handler: Handler; readonly id: string } {
  for (const route of ROUTES) {
    const id = route.method === method ? idInPath(route.path, path) : undefined
    if (id !== undefined) return { handler: route.handler, id }
  }
  const message = `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`
  throw new ApiError(404, { type: 'invalid_request_error', message }, false)
}

function idInPath(pattern: string, path: string): string | undefined {
  const expected = pattern.split('/')
  const actual = path.split('/')
  if (expected.length !== actual.length) return undefined
  let id = ''
  for (const [index, part] of expected.entries()) {
    const given = actual[index] ?? ''
    if (part === ':id' && given !== '') id = decode(given)
    else if (part !== given) return undefined
  }
  return id
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
