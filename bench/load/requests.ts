/** What a load consists of. Plain data: it travels to the generator's process. */
export type Workload =
  | { readonly kind: 'trivial' }
  | { readonly kind: 'consume' | 'billingState' | 'check'; readonly customers: number }
  | { readonly kind: 'recordUsage'; readonly customers: number; readonly eventsPerRequest: number }

/** Makes the bodies of a workload, and knows the answer of a request that was done. */
export interface RequestMaker {
  next(): string
  /** The answer holds this text `units` times, unless something went wrong. */
  readonly proof: string
  readonly units: number
}

/** The catalogue that `seed.ts` defines. */
export const METER = 'replies'
export const EVENT_NAME = 'reply'

const ID_DIGITS = 6

const CONSUME = `mutation Consume($input: ConsumeInput!) {
  consume(input: $input) { decision { allowed reason cost available } usage { status credits available version } }
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

/** `run` makes the keys of this maker differ from those of every other. */
export function createRequestMaker(workload: Workload, run: string): RequestMaker {
  switch (workload.kind) {
    case 'trivial':
      return { next: () => '{"query":"{ __typename }"}', proof: '"__typename":"Query"', units: 1 }
    case 'consume':
      return consumeRequests(workload.customers, run)
    case 'recordUsage':
      return recordUsageRequests(workload.customers, workload.eventsPerRequest, run)
    case 'billingState':
      return readRequests(BILLING_STATE, workload.customers, '"allowed":true')
    case 'check':
      return readRequests(CHECK, workload.customers, '"allowed":true')
  }
}

// Bodies are glued from parts that were made into JSON once: the generator shares its machine with what it measures.

function consumeRequests(customers: number, run: string): RequestMaker {
  const before = `{"query":${JSON.stringify(CONSUME)},"variables":{"input":{"meter":"${METER}","customerId":"`
  const ids = customerIds(customers)
  let count = 0
  return {
    next: () => `${before}${ids[count % customers]}","idempotencyKey":"${run}-${count++}"}}}`,
    proof: '"status":"RECORDED"',
    units: 1,
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
    proof: '"status":"RECORDED"',
    units: events,
  }
}

function readRequests(query: string, customers: number, proof: string): RequestMaker {
  const before = `{"query":${JSON.stringify(query)},"variables":{"meter":"${METER}","customerId":"`
  const ids = customerIds(customers)
  let count = 0
  return { next: () => `${before}${ids[count++ % customers]}"}}`, proof, units: 1 }
}

function customerIds(customers: number): string[] {
  return Array.from({ length: customers }, (_, index) => customerId(index))
}
