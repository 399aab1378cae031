import { dataOf } from './calls.ts'
import { advanceTo, DAY } from './living.ts'
import type { Peer } from './stack.ts'
import { signUp } from './worked-example.ts'

// Contracts: what a customer is committed to, and what comes of it.

type Ask = Pick<Peer, 'query'>

export interface Commitment {
  readonly id: string
  readonly name: string
  readonly kind: 'CREDITS' | 'MONEY'
  readonly creditType: string | null
  readonly currency: string
  readonly unitPrice: string | null
  readonly committed: string
  readonly drawn: string
  readonly shortfall: string
  readonly pace: string
  readonly status: 'UPCOMING' | 'ACTIVE' | 'ENDED' | 'CANCELED'
  readonly startsAt: string
  readonly endsAt: string
  readonly grant: { readonly id: string; readonly kind: string; readonly remaining: string } | null
  readonly invoice: {
    readonly id: string
    readonly status: string
    readonly total: string
    readonly tax: string
  } | null
}

const FIELDS = `id name kind creditType currency unitPrice committed drawn shortfall pace status startsAt endsAt
  grant { id kind remaining } invoice { id status total tax }`

export const CREATE_COMMITMENT = `mutation ($input: CreateCommitmentInput!) { createCommitment(input: $input) { ${FIELDS} } }`
export const CANCEL_COMMITMENT = `mutation ($id: ID!, $key: String!) {
  cancelCommitment(commitmentId: $id, idempotencyKey: $key) { ${FIELDS} } }`

export async function createCommitment(to: Ask, input: object): Promise<Commitment> {
  return (await dataOf(to.query<{ createCommitment: Commitment }>(CREATE_COMMITMENT, { input }))).createCommitment
}

export async function cancelCommitment(to: Ask, id: string, key = 'cancel'): Promise<Commitment> {
  return (await dataOf(to.query<{ cancelCommitment: Commitment }>(CANCEL_COMMITMENT, { id, key }))).cancelCommitment
}

/** Newest first. */
export async function commitments(to: Ask, customerId: string): Promise<readonly Commitment[]> {
  const document = `query ($id: ID!) { commitments(customerId: $id) { nodes { ${FIELDS} } } }`
  return (await dataOf(to.query<{ commitments: { nodes: Commitment[] } }>(document, { id: customerId }))).commitments
    .nodes
}

/** The customer's newest. */
export async function commitmentOf(to: Ask, customerId: string): Promise<Commitment> {
  const [commitment] = await commitments(to, customerId)
  if (!commitment) throw new Error(`${customerId} has committed to nothing`)
  return commitment
}

/** So many days from now, as the project sees it. */
export async function inDays(to: Ask, days: number): Promise<string> {
  const { clock } = await dataOf(to.query<{ clock: string }>('{ clock }'))
  return new Date(Date.parse(clock) + days * DAY).toISOString()
}

export const TEN_THOUSAND = { creditType: 'credits', amount: '10000', unitPrice: '0.05' }

/** A customer of a card that costs nothing, committed to 10,000 credits at 0.05 for 90 days. */
export async function commit(to: Ask, customerId: string, more: object = {}): Promise<string> {
  await signUp(to, customerId, 'prepaid')
  const input = { customerId, name: 'Contract', credits: TEN_THOUSAND, idempotencyKey: 'contract' }
  await createCommitment(to, { ...input, endsAt: await inDays(to, 90), ...more })
  return customerId
}

/** The clock comes to the end of the customer's newest commitment. */
export async function passToEnd(to: Ask, customerId: string): Promise<void> {
  await advanceTo(to, (await commitmentOf(to, customerId)).endsAt)
}
