import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Api, answerApi } from './api.ts'
import { expireDueSessions } from './checkout-lifecycle.ts'
import type { Context } from './context.ts'
import { forgetOldEvents } from './events.ts'
import { createFaults } from './faults.ts'
import { createIdempotencyKeys } from './idempotency.ts'
import { answerPage } from './sandbox-pages.ts'
import { answerSettle, settleUntil } from './settle-now.ts'
import { openStore } from './state-file.ts'
import { createWebhooks, type WebhookEndpoint } from './webhooks.ts'

const SWEEP_MS = 1_000
const DEBIT_SECONDS = 3
const ACCOUNT_ID = 'acct_1StripeSandbox00'
const NO_REQUEST = { id: null, idempotency_key: null }

export interface StripeSandboxOptions {
  /** The origin under which the sandbox is reachable: Checkout Session URLs begin with it. */
  readonly publicUrl: string
  /** The one secret key that is accepted; any `sk_test_…` if left out. */
  readonly secretKey?: string
  /** The id of the account that the key belongs to; `acct_1StripeSandbox00` if left out. */
  readonly accountId?: string
  /** Where events are delivered to, and the secret they are signed with: one endpoint, or up to 16. */
  readonly webhook?: WebhookEndpoint | readonly WebhookEndpoint[]
  /** One JSON file that keeps all state across restarts; in memory only if left out. */
  readonly stateFile?: string
  /** How many seconds a bank takes to answer a SEPA debit; 3 if left out. */
  readonly debitSeconds?: number
  /** Milliseconds since the epoch: what `created` and `expires_at` go by. Webhook signatures go by the wall clock. */
  readonly now?: () => number
}

export interface StripeSandbox {
  /** Answers a request to `/v1/*` or `/stripe-sandbox/*` and returns true; returns false for any other path. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
  /** Stops deliveries and writes the state file. */
  close(): Promise<void>
}

/** A Stripe for development and tests, to be mounted in an HTTP server of your own. */
export function createStripeSandbox(options: StripeSandboxOptions): StripeSandbox {
  const { store, close: closeStore } = openStore(options.stateFile)
  const webhooks = createWebhooks(store, [options.webhook ?? []].flat())
  const keys = createIdempotencyKeys(store)
  const faults = createFaults()
  const now = options.now ?? Date.now
  const publicUrl = options.publicUrl.replace(/\/+$/, '')
  const { deliver } = webhooks
  const contextOf = (request: Context['request']): Context => ({
    store,
    publicUrl,
    now: Math.floor(now() / 1000),
    accountId: options.accountId ?? ACCOUNT_ID,
    debitSeconds: options.debitSeconds ?? DEBIT_SECONDS,
    request,
    deliver,
  })
  const api: Api = { secretKey: options.secretKey, faults, keys, contextOf }
  const sweep = setInterval(() => bringUpToDate(contextOf(NO_REQUEST), api), SWEEP_MS).unref()

  return {
    handle(request, response) {
      const path = request.url?.split('?', 1)[0] ?? ''
      if (path.startsWith('/v1/')) void answerApi(api, request, response)
      else if (path === '/stripe-sandbox/faults') void faults.handle(request, response)
      else if (path === '/stripe-sandbox/settle') answerSettle(contextOf(NO_REQUEST), request, response)
      else if (path.startsWith('/stripe-sandbox/')) void answerPage(contextOf(NO_REQUEST), request, response)
      else return false
      return true
    },
    async close() {
      clearInterval(sweep)
      await webhooks.close()
      await closeStore()
    },
  }
}

/** What happens with time alone. */
function bringUpToDate(context: Context, api: Api): void {
  expireDueSessions(context)
  settleUntil(context, context.now)
  forgetOldEvents(context)
  api.keys.forgetOld(context.now)
}
