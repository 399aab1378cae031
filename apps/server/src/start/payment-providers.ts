import { join } from 'node:path'
import { createStripeSandbox } from '@florin/stripe-sandbox'
import type { Config } from '../config.ts'
import { createPaymentProvider, type PaymentProvider } from '../modules/payments/provider.ts'
import type { Route } from '../platform/http.ts'

/** Opens the local payment sandbox, which holds nobody's money. */
export const SANDBOX_KEY = 'sk_test_florin_payment_sandbox'
const SANDBOX_HOOK = '/webhooks/stripe-sandbox'
const STRIPE_HOOK = '/webhooks/stripe'

export interface ConnectedProviders {
  readonly live: PaymentProvider | null
  readonly sandbox: PaymentProvider
  readonly webhooks: ReadonlyMap<string, PaymentProvider>
  /** Serves the payment sandbox, where this process runs it. */
  readonly route: Route | null
  close(): Promise<void>
}

/**
 * Sandbox projects pay at Stripe's test mode when a test key is given, else at the local payment sandbox; LIVE projects
 * pay at Stripe. The same adapter in every case.
 */
export function connectProviders(config: Config, sandboxWebhookSecret: string): ConnectedProviders {
  const { stripeSecretKey, stripeWebhookSecret, publicUrl, stripeSandboxUrl } = config
  const stripe =
    stripeSecretKey && stripeWebhookSecret
      ? createPaymentProvider({ secretKey: stripeSecretKey, sandboxUrl: null, webhookSecret: stripeWebhookSecret })
      : null
  const isTestKey = stripeSecretKey?.startsWith('sk_test_') || stripeSecretKey?.startsWith('rk_test_')
  const runsHere = stripeSandboxUrl === null && !(stripe && isTestKey)
  const local = createPaymentProvider({
    secretKey: SANDBOX_KEY,
    sandboxUrl: stripeSandboxUrl ?? publicUrl,
    webhookSecret: sandboxWebhookSecret,
  })
  const sandbox = stripe && isTestKey ? stripe : local
  const served = runsHere
    ? createStripeSandbox({
        publicUrl,
        secretKey: SANDBOX_KEY,
        webhook: { url: `${publicUrl}${SANDBOX_HOOK}`, secret: sandboxWebhookSecret },
        stateFile: join(config.home, 'stripe-sandbox.json'),
      })
    : null
  return {
    live: stripe && !isTestKey ? stripe : null,
    sandbox,
    webhooks: new Map([[SANDBOX_HOOK, local], ...(stripe ? ([[STRIPE_HOOK, stripe]] as const) : [])]),
    route: served && ((req, res) => served.handle(req, res)),
    close: async () => served?.close(),
  }
}
