import { createHmac } from 'node:crypto'
import type { StripeEvent } from './objects.ts'
import { deliveryId, MAX_ENDPOINTS, type Store } from './store.ts'
import { API_VERSION } from './versions.ts'
import { toWire } from './wire.ts'

export interface WebhookEndpoint {
  readonly url: string
  /** The signing secret, `whsec_…`. */
  readonly secret: string
}

/** Pauses between attempts; the last one repeats until the endpoint answers 2xx. */
const PAUSES_MS = [1_000, 5_000, 30_000, 120_000, 300_000]
const TIMEOUT_MS = 10_000
/** More deliveries than this wait, so that a burst doesn't open a socket for each event. */
const MAX_IN_FLIGHT = 16

export interface Webhooks {
  deliver(event: StripeEvent): void
  close(): Promise<void>
}

/**
 * The `Stripe-Signature` header for a body.
 *
 * @param timestamp Unix seconds of the wall clock: the receiver compares it with its own.
 */
export function signatureOf(secret: string, timestamp: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return `t=${timestamp},v1=${digest}`
}

/** Delivers each event at least once, in no promised order; what was pending at the last stop is resumed. */
export function createWebhooks(store: Store, endpoints: readonly WebhookEndpoint[]): Webhooks {
  if (endpoints.length > MAX_ENDPOINTS) throw new Error(`at most ${MAX_ENDPOINTS} webhook endpoints`)
  if (endpoints.length === 0) return { deliver: () => {}, close: async () => {} }
  const courier = createCourier(store, endpoints)
  for (const { id } of store.deliveries.oldestFirst()) courier.enqueue(id)
  return {
    deliver(event) {
      for (const number of endpoints.keys()) {
        const id = deliveryId(event.id, number)
        store.deliveries.put({ id, attempts: 0 })
        courier.enqueue(id)
      }
    },
    close: courier.close,
  }
}

function createCourier(store: Store, endpoints: readonly WebhookEndpoint[]) {
  const waiting: string[] = []
  const timers = new Set<NodeJS.Timeout>()
  const inFlight = new Set<Promise<void>>()
  const stop = new AbortController()

  async function attempt(id: string): Promise<void> {
    const [eventId = '', number = '0'] = id.split('#')
    const [event, endpoint] = [store.events.get(eventId), endpoints[Number(number)]]
    const delivered = !event || !endpoint || (await post(endpoint, event, stop.signal))
    if (delivered) return store.deliveries.delete(id)
    if (stop.signal.aborted) return
    const attempts = (store.deliveries.get(id)?.attempts ?? 0) + 1
    store.deliveries.put({ id, attempts })
    later(() => enqueue(id), PAUSES_MS[Math.min(attempts, PAUSES_MS.length) - 1] ?? 0)
  }

  function enqueue(id: string): void {
    waiting.push(id)
    later(pump, 0)
  }

  function pump(): void {
    while (inFlight.size < MAX_IN_FLIGHT && waiting.length > 0) {
      const delivery = attempt(waiting.shift() as string).finally(() => {
        inFlight.delete(delivery)
        pump()
      })
      inFlight.add(delivery)
    }
  }

  function later(action: () => void, delay: number): void {
    if (stop.signal.aborted) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, delay)
    timers.add(timer)
  }

  async function close(): Promise<void> {
    stop.abort()
    waiting.length = 0
    for (const timer of timers) clearTimeout(timer)
    await Promise.all(inFlight)
  }

  return { enqueue, close }
}

/** One attempt, signed anew. True if the endpoint answered 2xx. */
async function post(endpoint: WebhookEndpoint, event: StripeEvent, stop: AbortSignal): Promise<boolean> {
  const body = toWire({ ...event, pending_webhooks: 1 })
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': `Stripe/1.0 (sandbox; ${API_VERSION})`,
    'stripe-signature': signatureOf(endpoint.secret, Math.floor(Date.now() / 1000), body),
  }
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)])
    const response = await fetch(endpoint.url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
