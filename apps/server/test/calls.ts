import type { Answer } from './ask.ts'
import type { Peer } from './stack.ts'

// The operations that most tests use, one function each, named as in the contract. A fault throws; an outcome is data.

type Ask = Pick<Peer, 'query'>

/** The data of an answer that must not have failed. */
export async function dataOf<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, errors, status, text } = await answer
  if (errors.length > 0 || data === null) throw new Error(`HTTP ${status}: ${text}`)
  return data
}

/** The code, and the field if there is one, of an answer that must have failed with one error. */
export async function faultOf(answer: Promise<Answer<unknown>>): Promise<string> {
  const { errors, text } = await answer
  const [error] = errors
  if (!error || errors.length > 1) throw new Error(`expected one error: ${text}`)
  const { code, field } = error.extensions
  return field === undefined ? code : `${code} ${field}`
}

export async function upsertCustomer(to: Ask, id: string): Promise<string> {
  await dataOf(to.query(`mutation ($id: ID!) { upsertCustomer(input: { id: $id }) { id } }`, { id }))
  return id
}

/** An `Authorization` header of the customer's browser. */
export async function customerToken(to: Ask, customerId: string, ttlSeconds = 3600): Promise<string> {
  const { createCustomerToken } = await dataOf(
    to.query<{ createCustomerToken: { token: string } }>(
      `mutation ($customerId: ID!, $ttlSeconds: Int) {
         createCustomerToken(customerId: $customerId, ttlSeconds: $ttlSeconds) { token } }`,
      { customerId, ttlSeconds },
    ),
  )
  return `Bearer ${createCustomerToken.token}`
}

export interface GrantInput {
  readonly customerId: string
  readonly amount: unknown
  readonly idempotencyKey: string
  readonly creditType?: string
  readonly [more: string]: unknown
}

export interface Grant {
  readonly id: string
  readonly amount: string
  readonly remaining: string
}

export const GRANT_CREDITS = `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { id amount remaining } }`

export async function grantCredits(to: Ask, input: GrantInput): Promise<Grant> {
  const variables = { input: { creditType: 'credits', ...input } }
  return (await dataOf(to.query<{ grantCredits: Grant }>(GRANT_CREDITS, variables))).grantCredits
}

export interface Consumed {
  readonly decision: {
    readonly allowed: boolean
    readonly reason: string
    readonly remedies: readonly { readonly rateCard?: { readonly code: string } }[]
  }
  readonly usage: RecordedUsage | null
}

export interface ConsumeInput {
  readonly customerId: string
  readonly idempotencyKey: string
  readonly quantity?: unknown
  readonly meter?: string
}

export const CONSUME = `mutation ($input: ConsumeInput!) { consume(input: $input) {
  decision { allowed reason remedies { ... on RateCardRemedy { rateCard { code } } } }
  usage { idempotencyKey status credits available version } } }`

export async function consume(to: Ask, input: ConsumeInput): Promise<Consumed> {
  return (await dataOf(askConsume(to, input))).consume
}

export function askConsume(to: Ask, input: ConsumeInput): Promise<Answer<{ consume: Consumed }>> {
  return to.query(CONSUME, { input: { meter: 'character_generation', ...input } })
}

export interface RecordedUsage {
  readonly idempotencyKey: string
  readonly status: string
  readonly error: { readonly code: string; readonly field: string | null } | null
  readonly credits: string | null
  readonly overage: string | null
  readonly uncovered: string | null
  readonly available: string | null
  readonly version: number | null
}

export interface UsageEvent {
  readonly customerId: string
  readonly idempotencyKey: string
  readonly value?: unknown
  readonly eventName?: string
  readonly [more: string]: unknown
}

export const RECORD_USAGE = `mutation ($events: [UsageEventInput!]!) { recordUsage(events: $events) { results {
  idempotencyKey status error { code field } credits overage uncovered available version } } }`

export async function recordUsage(to: Ask, events: readonly UsageEvent[]): Promise<RecordedUsage[]> {
  return (await dataOf(askRecordUsage(to, events))).recordUsage.results
}

export function askRecordUsage(
  to: Ask,
  events: readonly UsageEvent[],
): Promise<Answer<{ recordUsage: { results: RecordedUsage[] } }>> {
  return to.query(RECORD_USAGE, { events: events.map((event) => ({ eventName: 'character_generation', ...event })) })
}

export const VOID_USAGE = `mutation ($customerId: ID!, $idempotencyKey: String!) {
  voidUsage(customerId: $customerId, idempotencyKey: $idempotencyKey) {
    idempotencyKey status error { code field } credits overage uncovered available version } }`

export async function voidUsage(to: Ask, customerId: string, idempotencyKey: string): Promise<RecordedUsage> {
  return (await dataOf(askVoidUsage(to, customerId, idempotencyKey))).voidUsage
}

export function askVoidUsage(
  to: Ask,
  customerId: string,
  idempotencyKey: string,
): Promise<Answer<{ voidUsage: RecordedUsage }>> {
  return to.query(VOID_USAGE, { customerId, idempotencyKey })
}

export interface BillingState {
  readonly version: number
  readonly subscriptions: readonly {
    readonly id: string
    readonly status: string
    readonly rateCard: { readonly code: string }
    readonly currentPeriodStart: string
    readonly currentPeriodEnd: string
  }[]
  readonly balances: readonly {
    readonly creditType: string
    readonly available: string
    readonly granted: string
    readonly used: string
    readonly overage: string
    readonly uncovered: string
  }[]
  readonly paymentMethod: { readonly last4: string } | null
  readonly actionUrl: string | null
}

export const STATE_FIELDS = `version
  subscriptions { id status rateCard { code } currentPeriodStart currentPeriodEnd }
  balances { creditType available granted used overage uncovered } paymentMethod { last4 } actionUrl`

export async function billingState(to: Ask, customerId: string): Promise<BillingState> {
  const document = `query ($customerId: ID!) { billingState(customerId: $customerId) { ${STATE_FIELDS} } }`
  return (await dataOf(to.query<{ billingState: BillingState }>(document, { customerId }))).billingState
}

/** What the customer can spend of a credit type. */
export async function available(to: Ask, customerId: string, creditType = 'credits'): Promise<string> {
  const { balances } = await billingState(to, customerId)
  return balances.find((balance) => balance.creditType === creditType)?.available ?? '0'
}

export interface Invoice {
  readonly number: string
  readonly status: string
  readonly total: string
  readonly lines: readonly { readonly description: string; readonly amount: string }[]
}

/** Newest first. */
export async function invoices(to: Ask, customerId: string): Promise<readonly Invoice[]> {
  const document = `query ($customerId: ID!) { invoices(customerId: $customerId) {
    nodes { number status total lines { description amount } } } }`
  return (await dataOf(to.query<{ invoices: { nodes: Invoice[] } }>(document, { customerId }))).invoices.nodes
}

export interface LedgerEntry {
  readonly kind: string
  readonly amount: string
  readonly availableAfter: string
  readonly version: number
}

/** The newest hundred, newest first. */
export async function ledger(to: Ask, customerId: string): Promise<readonly LedgerEntry[]> {
  const document = `query ($customerId: ID!) { ledger(customerId: $customerId, first: 100) {
    nodes { kind amount availableAfter version } } }`
  return (await dataOf(to.query<{ ledger: { nodes: LedgerEntry[] } }>(document, { customerId }))).ledger.nodes
}
