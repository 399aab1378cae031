import { join } from 'node:path'
import { createStripeSandbox } from '@florin/stripe-sandbox'
import type { Config } from '../config.ts'
import { createPaymentProvider, type PaymentProvider } from '../modules/payments/provider.ts'
import type { Route } from '../platform/http.ts'

const SANDBOX_HOOK = '/webhooks/stripe-sandbox'
const STRIPE_HOOK = '/webhooks/stripe'

export interface ConnectedProviders {
  readonly live: PaymentProvider | null
  readonly sandbox: PaymentProvider
  /** By the path at which its events arrive: each provider that a project may pay at. */
  readonly webhooks: ReadonlyMap<string, PaymentProvider>
  /** Serves the payment sandbox, where this process runs it. */
  readonly route: Route | null
  close(): Promise<void>
}

/** Of the local payment sandbox, which is as open to the network as the server that runs it. */
export interface SandboxSettings {
  readonly key: string
  /** Null: this process takes no events of it, and does not run it. */
  readonly webhookSecret: string | null
  /** How long its banks take for a debit, unless they are asked for their answer before; left out: three seconds. */
  readonly debitSeconds?: number
}

/** What connecting needs besides settings. */
export interface ProviderNeeds extends SandboxSettings {
  /** Which Florin this is, among those that use the same account. */
  installation(): Promise<string>
}

/**
 * Sandbox projects pay at Stripe's test mode when a test key is given, else at the local payment sandbox; LIVE projects
 * pay at Stripe. The same adapter in every case.
 */
export function connectProviders(
  config: Config,
  { key, webhookSecret, debitSeconds, installation }: ProviderNeeds,
): ConnectedProviders {
  const { stripeSecretKey, stripeWebhookSecrets, publicUrl, stripeSandboxUrl } = config
  const stripe =
    stripeSecretKey && stripeWebhookSecrets.length > 0
      ? createPaymentProvider({
          secretKey: stripeSecretKey,
          sandboxUrl: null,
          webhookSecrets: stripeWebhookSecrets,
          installation,
        })
      : null
  const isTestKey = stripeSecretKey?.startsWith('sk_test_') || stripeSecretKey?.startsWith('rk_test_')
  const runsHere = stripeSandboxUrl === null && !(stripe && isTestKey)
  const local = createPaymentProvider({
    secretKey: key,
    sandboxUrl: stripeSandboxUrl ?? publicUrl,
    webhookSecrets: webhookSecret === null ? [] : [webhookSecret],
    installation,
  })
  const sandbox = stripe && isTestKey ? stripe : local
  const served =
    runsHere && webhookSecret !== null
      ? createStripeSandbox({
          publicUrl,
          secretKey: key,
          webhook: { url: `${publicUrl}${SANDBOX_HOOK}`, secret: webhookSecret },
          stateFile: join(config.home, 'stripe-sandbox.json'),
          ...(debitSeconds === undefined ? {} : { debitSeconds }),
        })
      : null
  return {
    live: stripe && !isTestKey ? stripe : null,
    sandbox,
    webhooks: new Map([
      ...(sandbox === local ? ([[SANDBOX_HOOK, local]] as const) : []),
      ...(stripe ? ([[STRIPE_HOOK, stripe]] as const) : []),
    ]),
    route: served && ((req, res) => served.handle(req, res)),
    close: async () => served?.close(),
  }
}
