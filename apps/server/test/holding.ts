import type { Answer } from './ask.ts'
import { type Consumed, dataOf } from './calls.ts'
import type { Peer } from './stack.ts'

// Holds: reserved, extended, settled. A fault throws; a refusal is data.

type Ask = Pick<Peer, 'query'>

export interface Hold {
  readonly id: string
  readonly status: string
  readonly quantity: string
  readonly credits: string
  readonly overage: string
  readonly expiresAt: string
}

export interface Held {
  readonly decision: {
    readonly allowed: boolean
    readonly reason: string
    readonly cost: string
    readonly available: string
  }
  readonly hold: Hold | null
}

const HOLD = 'id status quantity credits overage expiresAt'
const PAYLOAD = `decision { allowed reason cost available } hold { ${HOLD} }`

export const CREATE_HOLD = `mutation ($input: CreateHoldInput!) { createHold(input: $input) { ${PAYLOAD} } }`
export const EXTEND_HOLD = `mutation ($holdId: ID!, $quantity: Decimal!, $idempotencyKey: String!) {
  extendHold(holdId: $holdId, quantity: $quantity, idempotencyKey: $idempotencyKey) { ${PAYLOAD} } }`
export const CAPTURE_HOLD = `mutation ($holdId: ID!, $quantity: Decimal!) { captureHold(holdId: $holdId, quantity: $quantity) {
  decision { allowed reason cost available } usage { idempotencyKey status credits overage uncovered available version } } }`
export const RELEASE_HOLD = `mutation ($holdId: ID!) { releaseHold(holdId: $holdId) { ${HOLD} } }`

export interface CreateHold {
  readonly customerId: string
  readonly quantity: unknown
  readonly idempotencyKey: string
  readonly meter?: string
  readonly ttlSeconds?: number
}

export function askCreateHold(to: Ask, input: CreateHold): Promise<Answer<{ createHold: Held }>> {
  return to.query(CREATE_HOLD, { input: { meter: 'character_generation', ...input } })
}

export async function createHold(to: Ask, input: CreateHold): Promise<Held> {
  return (await dataOf(askCreateHold(to, input))).createHold
}

/** A hold that must have been allowed. */
export async function holdOf(to: Ask, input: CreateHold): Promise<Hold> {
  const { hold, decision } = await createHold(to, input)
  if (!hold) throw new Error(`no hold: ${JSON.stringify(decision)}`)
  return hold
}

export function askExtendHold(
  to: Ask,
  holdId: string,
  quantity: unknown,
  idempotencyKey: string,
): Promise<Answer<{ extendHold: Held }>> {
  return to.query(EXTEND_HOLD, { holdId, quantity, idempotencyKey })
}

export async function extendHold(to: Ask, holdId: string, quantity: unknown, idempotencyKey: string): Promise<Held> {
  return (await dataOf(askExtendHold(to, holdId, quantity, idempotencyKey))).extendHold
}

export function askCaptureHold(to: Ask, holdId: string, quantity: unknown): Promise<Answer<{ captureHold: Consumed }>> {
  return to.query(CAPTURE_HOLD, { holdId, quantity })
}

export async function captureHold(to: Ask, holdId: string, quantity: unknown): Promise<Consumed> {
  return (await dataOf(askCaptureHold(to, holdId, quantity))).captureHold
}

export function askReleaseHold(to: Ask, holdId: string): Promise<Answer<{ releaseHold: Hold }>> {
  return to.query(RELEASE_HOLD, { holdId })
}

export async function releaseHold(to: Ask, holdId: string): Promise<Hold> {
  return (await dataOf(askReleaseHold(to, holdId))).releaseHold
}

export interface Holding {
  readonly version: number
  readonly holds: readonly Hold[]
  readonly available: string
  readonly held: string
  readonly used: string
  readonly overage: string
  readonly uncovered: string
}

/** What the customer has of `credits`, and which holds are open. */
export async function holding(to: Ask, customerId: string): Promise<Holding> {
  const document = `query ($id: ID!) { billingState(customerId: $id) { version holds { ${HOLD} }
    balances { creditType available held used overage uncovered } } }`
  type State = {
    version: number
    holds: Hold[]
    balances: (Omit<Holding, 'holds' | 'version'> & { creditType: string })[]
  }
  const { billingState } = await dataOf(to.query<{ billingState: State }>(document, { id: customerId }))
  const balance = billingState.balances.find(({ creditType }) => creditType === 'credits')
  if (!balance) throw new Error(`${customerId} has no credits`)
  return { ...balance, version: billingState.version, holds: billingState.holds }
}
