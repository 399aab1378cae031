import { invalidRequest, noSuch } from './api-error.ts'
import type { Context, Route } from './context.ts'
import { newId } from './ids.ts'
import { createdWithin, listParams, page } from './list.ts'
import type { StripeEvent } from './objects.ts'
import { boolean, list, type RawParams, readParams, text } from './params.ts'
import { pendingDeliveries } from './store.ts'
import { API_VERSION } from './versions.ts'

/** `events.list` goes back 30 days. Source: docs.stripe.com/api/events. */
const EVENT_LIFE_SECONDS = 30 * 24 * 60 * 60

/** Records what happened to an object and hands it to the webhook endpoint. */
export function emit(context: Context, type: string, subject: object, previous?: Record<string, unknown>): void {
  const event: StripeEvent = {
    id: newId('event'),
    object: 'event',
    api_version: API_VERSION,
    created: context.now,
    data: { object: subject, ...(previous && { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: 0,
    request: context.request,
    type,
  }
  context.store.events.put(event)
  context.deliver(event)
}

/** What an update changed, as it was before: an event's `previous_attributes`. */
export function previousOf<T extends object>(before: T, after: T): Record<string, unknown> {
  const keys = Object.keys(after) as (keyof T & string)[]
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  return Object.fromEntries(changed.map((key) => [key, before[key]]))
}

export function forgetOldEvents(context: Context): void {
  for (const event of context.store.events.oldestFirst()) {
    if (event.created + EVENT_LIFE_SECONDS > context.now) break
    context.store.events.delete(event.id)
  }
}

const listShape = { ...listParams, type: text(), types: list(text(), 20), delivery_success: boolean }

function listEvents(context: Context, raw: RawParams): object {
  const params = readParams(raw, listShape)
  if (params.type !== undefined && params.types) {
    throw invalidRequest('You may only specify one of these parameters: type, types.', { param: 'type' })
  }
  const types = params.types ?? (params.type === undefined ? undefined : [params.type])
  const matches = context.store.events.newestFirst(
    (event) =>
      (types?.some((pattern) => matchesType(event.type, pattern)) ?? true) &&
      createdWithin(event, params) &&
      (params.delivery_success ?? wasDelivered(context, event)) === wasDelivered(context, event),
  )
  const found = page(matches, params, '/v1/events', 'event')
  return { ...found, data: found.data.map((event) => withPending(context, event)) }
}

function retrieveEvent(context: Context, _params: RawParams, id: string): object {
  const event = context.store.events.get(id)
  if (!event) throw noSuch('event', id)
  return withPending(context, event)
}

/** `type` may end in an asterisk: `payment_intent.*`. */
function matchesType(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}

function wasDelivered(context: Context, event: StripeEvent): boolean {
  return pendingDeliveries(context.store, event) === 0
}

function withPending(context: Context, event: StripeEvent): StripeEvent {
  return { ...event, pending_webhooks: pendingDeliveries(context.store, event) }
}

export const eventRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/events', handler: listEvents },
  { method: 'GET', path: '/v1/events/:id', handler: retrieveEvent },
]
