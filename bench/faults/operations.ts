// What clients do, and how an answer of Florin's is read.

export type Kind =
  | 'consume'
  | 'recordUsage'
  | 'voidUsage'
  | 'createHold'
  | 'extendHold'
  | 'captureHold'
  | 'releaseHold'
  | 'grantCredits'

/** One call with one key, however often it is sent. */
export interface Operation {
  readonly kind: Kind
  readonly customerId: string
  /** Its idempotency key; of captures and releases the hold. For recordUsage the part that its events' keys share. */
  readonly key: string
  readonly variables: Readonly<Record<string, unknown>>
}

export const METER = 'replies'
export const EVENT_NAME = 'reply'
export const CREDIT_TYPE = 'credits'

const USAGE = 'usage { idempotencyKey status credits uncovered available version }'
const DECISION = 'decision { allowed reason cost available }'
const HOLD = 'hold { id quantity credits }'

export const DOCUMENTS: Readonly<Record<Kind, string>> = {
  consume: `mutation ($input: ConsumeInput!) { consume(input: $input) { ${DECISION} ${USAGE} } }`,
  recordUsage: `mutation ($events: [UsageEventInput!]!) { recordUsage(events: $events) {
    results { idempotencyKey status credits uncovered available version } } }`,
  voidUsage: `mutation ($customerId: ID!, $idempotencyKey: String!) {
    voidUsage(customerId: $customerId, idempotencyKey: $idempotencyKey) { idempotencyKey status credits version } }`,
  createHold: `mutation ($input: CreateHoldInput!) { createHold(input: $input) { ${DECISION} ${HOLD} } }`,
  extendHold: `mutation ($holdId: ID!, $quantity: Decimal!, $idempotencyKey: String!) {
    extendHold(holdId: $holdId, quantity: $quantity, idempotencyKey: $idempotencyKey) { ${DECISION} ${HOLD} } }`,
  captureHold: `mutation ($holdId: ID!, $quantity: Decimal!) {
    captureHold(holdId: $holdId, quantity: $quantity) { ${DECISION} ${USAGE} } }`,
  releaseHold: `mutation ($holdId: ID!) { releaseHold(holdId: $holdId) { id status quantity credits } }`,
  grantCredits: `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { id amount } }`,
}

/** The outcome of a call that is certain: its data, or a fault that will be the same whenever it is sent. */
export interface Answer {
  readonly fault: string | null
  readonly data: Data
}

/** The fields that the checks read, of whichever operation it was. */
export interface Data {
  readonly decision?: { readonly allowed: boolean }
  readonly usage?: Usage | null
  readonly results?: readonly Usage[]
  readonly hold?: { readonly id: string; readonly credits: string } | null
  readonly id?: string
  readonly status?: string
  readonly amount?: string
  readonly credits?: string
}

export interface Usage {
  readonly idempotencyKey: string
  readonly status: string
  readonly credits: string | null
}

/** Two answers are the same answer if these texts are equal. A repeated event says that it is one, which the first one can't. */
export function textOf({ fault, data }: Answer): string {
  return JSON.stringify([fault, data]).replaceAll('"DUPLICATE"', '"RECORDED"')
}

/** Credits that it took out of the balance for good, as it was answered. Amounts are whole in this load. */
export function spentOf(kind: Kind, { fault, data }: Answer): number {
  if (fault) return 0
  switch (kind) {
    case 'consume':
    case 'captureHold':
      return Number(data.usage?.credits ?? 0)
    case 'recordUsage':
      return (data.results ?? []).reduce((sum, { credits }) => sum + Number(credits ?? 0), 0)
    case 'voidUsage':
      return -Number(data.credits ?? 0)
    case 'grantCredits':
      return -Number(data.amount ?? 0)
    default:
      return 0
  }
}
