import { dataOf } from './calls.ts'
import type { Peer } from './stack.ts'

// The past of a balance, and why it was what it was.

type Ask = Pick<Peer, 'query'>

export const BALANCE_AT = `query ($customerId: ID!, $creditType: String!, $at: DateTime!) {
  balanceAt(customerId: $customerId, creditType: $creditType, at: $at) }`

export async function balanceAt(to: Ask, customerId: string, at: string | number): Promise<string> {
  const variables = { customerId, creditType: 'credits', at: new Date(at).toISOString() }
  return (await dataOf(to.query<{ balanceAt: string }>(BALANCE_AT, variables))).balanceAt
}

export interface Explained {
  readonly at: string
  readonly available: string
  readonly remaining: string
  readonly held: string
  readonly debt: string | null
  readonly grants: readonly ExplainedGrant[]
  readonly finishedGrants: { readonly nodes: readonly ExplainedGrant[] }
  readonly entries: {
    readonly nodes: readonly {
      readonly kind: string
      readonly amount: string
      readonly effectiveAt: string
      readonly cause: { readonly type: string; readonly text: string }
    }[]
  }
}

export interface ExplainedGrant {
  readonly cause: string
  readonly place: string | null
  readonly grant: {
    readonly id: string
    readonly kind: string
    readonly amount: string
    readonly remaining: string
    readonly held: string
  }
}

export const EXPLANATION = `at available remaining held debt
  grants { cause place grant { id kind amount remaining held } }
  finishedGrants { nodes { cause place grant { id kind amount remaining held } } }
  entries(first: 100) { nodes { kind amount effectiveAt cause } }`

export const EXPLAIN_BALANCE = `query ($customerId: ID!, $creditType: String!, $at: DateTime) {
  explainBalance(customerId: $customerId, creditType: $creditType, at: $at) { ${EXPLANATION} } }`

export async function explainBalance(to: Ask, customerId: string, at?: string | number): Promise<Explained> {
  const variables = { customerId, creditType: 'credits', at: at === undefined ? null : new Date(at).toISOString() }
  return (await dataOf(to.query<{ explainBalance: Explained }>(EXPLAIN_BALANCE, variables))).explainBalance
}

export interface ExplainedDecision {
  readonly operation: string
  readonly at: string
  readonly meter: string | null
  readonly quantity: string | null
  readonly voided: boolean
  readonly text: string
  readonly decision: {
    readonly allowed: boolean
    readonly reason: string
    readonly cost: string
    readonly available: string
    readonly remedies: readonly { readonly rateCard?: { readonly code: string } }[]
  }
  readonly balance: Explained | null
}

export const EXPLAIN_DECISION = `query ($customerId: ID!, $key: String!, $operation: DecidingOperation) {
  explainDecision(customerId: $customerId, idempotencyKey: $key, operation: $operation) {
    operation at meter quantity voided text
    decision { allowed reason cost available remedies { ... on RateCardRemedy { rateCard { code } } } }
    balance { ${EXPLANATION} } } }`

export async function explainDecision(to: Ask, customerId: string, key: string): Promise<ExplainedDecision> {
  const variables = { customerId, key }
  return (await dataOf(to.query<{ explainDecision: ExplainedDecision }>(EXPLAIN_DECISION, variables))).explainDecision
}
