import { nowOf } from '../../platform/clock.ts'
import { checkKey, inputHash } from '../../platform/command.ts'
import { invalidInput, notFound } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import { checkProperties, checkTimestamp, feedsOf, isEventFault } from './check-event.ts'
import type { UsageDeps } from './consume.ts'
import { type RecordedUsage, rejected, toRecordedUsage } from './recorded-usage.ts'
import type { SpendRequest } from './spend-request.ts'

export interface UsageEventInput {
  customerId: string
  eventName: string
  idempotencyKey: string
  value?: unknown
  properties?: unknown
  /** Epoch milliseconds; NaN: what was sent is no instant. */
  timestamp?: number | null | undefined
}

const MOST_EVENTS = 1_000

/** An event that no meter matches. A reason of its own, so that an integrator can tell a typo from a bad value. */
class NoMeter extends Error {}

type Prepared = { readonly request: SpendRequest } | { readonly rejected: RecordedUsage }

/**
 * Records what has happened: 1 to 1,000 events, one result each, in order; one bad event never spoils the others.
 * The answer means durable and counted. Throws INVALID_INPUT for an empty or too long list.
 */
export async function recordUsage(
  deps: UsageDeps,
  project: Project,
  events: readonly UsageEventInput[],
): Promise<RecordedUsage[]> {
  if (events.length < 1 || events.length > MOST_EVENTS) {
    throw invalidInput('events', `send 1 to ${MOST_EVENTS} events a call; this one has ${events.length}`)
  }
  const now = nowOf(project)
  const catalog = await catalogFor(deps, project, events)
  const prepared = await Promise.all(events.map((event) => prepare(deps, project, catalog, event, now)))
  const requests = prepared.flatMap((entry) => ('request' in entry ? [entry.request] : []))
  const answers = requests.length > 0 ? await deps.spendUsage(requests) : []
  let next = 0
  return prepared.map((entry) => {
    if ('rejected' in entry) return entry.rejected
    const answer = answers[next++]
    if (!answer) throw new Error('an event got no answer')
    const usage = toRecordedUsage(entry.request.key, answer)
    const repeated = 'replayed' in answer && answer.replayed && usage.status === 'RECORDED'
    return repeated ? { ...usage, status: 'DUPLICATE' } : usage
  })
}

/** The catalogue, read again once if it lacks a meter: another process may have defined it a moment ago. */
async function catalogFor(deps: UsageDeps, project: Project, events: readonly UsageEventInput[]): Promise<Catalog> {
  const catalog = await deps.catalog.read(project.id)
  const isFed = ({ eventName }: UsageEventInput) => catalog.metersByEvent.has(eventName)
  return events.every(isFed) ? catalog : deps.catalog.fresh(project.id)
}

async function prepare(
  deps: UsageDeps,
  project: Project,
  catalog: Catalog,
  event: UsageEventInput,
  now: number,
): Promise<Prepared> {
  try {
    return { request: await toRequest(deps, project, catalog, event, now) }
  } catch (error) {
    if (error instanceof NoMeter)
      return { rejected: rejected(event.idempotencyKey, 'NO_METER', 'eventName', error.message) }
    if (!isEventFault(error)) throw error
    const { code, field, message } = error
    return { rejected: rejected(event.idempotencyKey, code, field ?? null, message) }
  }
}

async function toRequest(
  deps: UsageDeps,
  project: Project,
  catalog: Catalog,
  event: UsageEventInput,
  now: number,
): Promise<SpendRequest> {
  const key = checkKey(event.idempotencyKey)
  const properties = checkProperties(event.properties)
  const timestamp = checkTimestamp(event.timestamp, now)
  const customerPk = await deps.customerKey(project, event.customerId)
  if (customerPk === null) throw notFound('customer', event.customerId, 'customerId', 'create it with upsertCustomer')
  const { eventName, value } = event
  const feeds = feedsOf(catalog, { eventName, value, properties })
  if (feeds.length === 0)
    throw new NoMeter(`no meter matches the event "${eventName}" with these properties: define one with defineMeter`)
  return {
    operation: 'recordUsage',
    projectId: project.id,
    customerPk,
    customerId: event.customerId,
    key,
    inputHash: inputHash({ eventName, value: value ?? null, properties, timestamp: event.timestamp ?? null }),
    catalog,
    feeds,
    eventName,
    properties,
    timestamp,
    now,
  }
}
