import { countProofs } from './response-reader.ts'

/** What a load consists of. Plain data: it travels to the generator's process. */
export type Workload =
  | { readonly kind: 'trivial' }
  | { readonly kind: 'consume'; readonly customers: number; readonly first?: number }
  | { readonly kind: 'holds'; readonly customers: number }
  | { readonly kind: 'billingState' | 'check'; readonly customers: number }
  | { readonly kind: 'recordUsage'; readonly customers: number; readonly eventsPerRequest: number }

/** Makes the bodies of a workload, and knows the answer of a request that was done. */
export interface RequestMaker {
  /** @param answer what the connection was answered last; empty at first. */
  next(answer: string): string
  /** How many units the answer says were done; null if something went wrong. */
  unitsIn(answer: string): number | null
}

/** The catalogue that `seed.ts` defines. */
export const METER = 'replies'
export const EVENT_NAME = 'reply'

const ID_DIGITS = 6

const CONSUME = `mutation Consume($input: ConsumeInput!) {
  consume(input: $input) { decision { allowed reason cost available } usage { status credits available version } }
}`
const CREATE_HOLD = `mutation CreateHold($input: CreateHoldInput!) {
  createHold(input: $input) { hold { id credits expiresAt } decision { allowed reason cost available } }
}`
const CAPTURE_HOLD = `mutation CaptureHold($holdId: ID!, $quantity: Decimal!) {
  captureHold(holdId: $holdId, quantity: $quantity) {
    decision { allowed reason cost available } usage { status credits available version }
  }
}`
const RECORD_USAGE = `mutation RecordUsage($events: [UsageEventInput!]!) {
  recordUsage(events: $events) { results { idempotencyKey status credits available version } }
}`
const BILLING_STATE = `query BillingState($customerId: ID!) {
  billingState(customerId: $customerId) {
    version balances { creditType available granted used resetsAt } meters { meter quantity access { allowed reason } }
  }
}`
const CHECK = `query Check($customerId: ID!, $meter: String!) {
  check(customerId: $customerId, meter: $meter) { allowed reason cost available }
}`

export function customerId(index: number): string {
  return `customer-${String(index).padStart(ID_DIGITS, '0')}`
}

const RECORDED = '"status":"RECORDED"'

/** All of the units were done if the proof stands as often in the answer. */
function allOf(units: number, proof: string): RequestMaker['unitsIn'] {
  return (answer) => (countProofs(answer, proof) === units ? units : null)
}

/** `run` makes the keys of this maker differ from those of every other. */
export function createRequestMaker(workload: Workload, run: string): RequestMaker {
  switch (workload.kind) {
    case 'trivial':
      return { next: () => '{"query":"{ __typename }"}', unitsIn: allOf(1, '"__typename":"Query"') }
    case 'consume':
      return consumeRequests(customerIds(workload.customers, workload.first), run)
    case 'holds':
      return holdRequests(customerIds(workload.customers), run)
    case 'recordUsage':
      return recordUsageRequests(workload.customers, workload.eventsPerRequest, run)
    case 'billingState':
      return readRequests(BILLING_STATE, workload.customers, '"allowed":true')
    case 'check':
      return readRequests(CHECK, workload.customers, '"allowed":true')
  }
}

// Bodies are glued from parts that were made into JSON once: the generator shares its machine with what it measures.

function consumeRequests(ids: readonly string[], run: string): RequestMaker {
  const before = `{"query":${JSON.stringify(CONSUME)},"variables":{"input":{"meter":"${METER}","customerId":"`
  let count = 0
  return {
    next: () => `${before}${ids[count % ids.length]}","idempotencyKey":"${run}-${count++}"}}}`,
    unitsIn: allOf(1, RECORDED),
  }
}

const HOLD_ID = /"hold":\{"id":"([^"]+)"/

/** A hold, then its capture, on each connection: a pair is one unit, done with the capture. */
function holdRequests(ids: readonly string[], run: string): RequestMaker {
  const create = `{"query":${JSON.stringify(CREATE_HOLD)},"variables":{"input":{"meter":"${METER}","quantity":1,"customerId":"`
  const capture = `{"query":${JSON.stringify(CAPTURE_HOLD)},"variables":{"quantity":1,"holdId":"`
  const captured = allOf(1, RECORDED)
  let count = 0
  return {
    next: (answer) => {
      const holdId = HOLD_ID.exec(answer)?.[1]
      if (holdId) return `${capture}${holdId}"}}`
      return `${create}${ids[count % ids.length]}","idempotencyKey":"${run}-${count++}"}}}`
    },
    unitsIn: (answer) => (HOLD_ID.test(answer) ? 0 : captured(answer)),
  }
}

function recordUsageRequests(customers: number, events: number, run: string): RequestMaker {
  const before = `{"query":${JSON.stringify(RECORD_USAGE)},"variables":{"events":[`
  const ids = customerIds(customers)
  let count = 0
  const event = () =>
    `{"eventName":"${EVENT_NAME}","customerId":"${ids[count % customers]}","idempotencyKey":"${run}-${count++}"}`
  return {
    next: () => `${before}${Array.from({ length: events }, event).join(',')}]}}`,
    unitsIn: allOf(events, RECORDED),
  }
}

function readRequests(query: string, customers: number, proof: string): RequestMaker {
  const before = `{"query":${JSON.stringify(query)},"variables":{"meter":"${METER}","customerId":"`
  const ids = customerIds(customers)
  let count = 0
  return { next: () => `${before}${ids[count++ % customers]}"}}`, unitsIn: allOf(1, proof) }
}

function customerIds(customers: number, first = 0): string[] {
  return Array.from({ length: customers }, (_, index) => customerId(first + index))
}
