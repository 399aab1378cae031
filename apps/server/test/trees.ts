import type { Answer } from './ask.ts'
import { dataOf, grantCredits } from './calls.ts'
import type { Peer } from './stack.ts'
import { signUp } from './worked-example.ts'

// Trees of customers with budgets: a workspace, its members, their agents' runs.

type Ask = Pick<Peer, 'query'>

export interface Budget {
  readonly creditType: string
  readonly limit: string
  readonly period: string
  readonly spent: string
  readonly remaining: string
  readonly resetsAt: string | null
}

const BUDGET = 'creditType limit period spent remaining resetsAt'

export const PLACE = `mutation ($id: ID!, $parentId: ID) {
  upsertCustomer(input: { id: $id, parentId: $parentId }) { id parent { id } } }`
export const SET_BUDGET = `mutation ($input: BudgetInput!) { setBudget(input: $input) { ${BUDGET} } }`

export function askPlace(to: Ask, id: string, parentId: string | null): Promise<Answer<unknown>> {
  return to.query(PLACE, { id, parentId })
}

/** The customer, new or not, below the parent; null: below nobody. */
export async function place(to: Ask, id: string, parentId: string | null): Promise<string> {
  await dataOf(askPlace(to, id, parentId))
  return id
}

export function askSetBudget(to: Ask, input: object): Promise<Answer<{ setBudget: Budget | null }>> {
  return to.query(SET_BUDGET, { input: { creditType: 'credits', ...input } })
}

export async function setBudget(to: Ask, customerId: string, limit: string | null, more: object = {}) {
  return (await dataOf(askSetBudget(to, { customerId, limit, ...more }))).setBudget
}

export interface TreeState {
  readonly version: number
  readonly budgets: readonly Budget[]
  readonly balances: readonly { readonly creditType: string; readonly available: string }[]
  readonly holds: readonly { readonly id: string }[]
  readonly meters: readonly {
    readonly meter: string
    readonly payer: string
    readonly quantity: string
    readonly access: { readonly allowed: boolean; readonly reason: string; readonly available: string }
  }[]
}

export const TREE_FIELDS = `version budgets { ${BUDGET} } balances { creditType available } holds { id }
  meters { meter payer quantity access { allowed reason available } }`

export async function treeState(to: Ask, customerId: string, authorization?: string): Promise<TreeState> {
  const document = `query ($customerId: ID!) { billingState(customerId: $customerId) { ${TREE_FIELDS} } }`
  return (await dataOf(to.query<{ billingState: TreeState }>(document, { customerId }, authorization))).billingState
}

/** What the customer's budget has counted: "3 of 5". */
export async function spent(to: Ask, customerId: string): Promise<string> {
  const [budget] = (await treeState(to, customerId)).budgets
  return budget ? `${budget.spent} of ${budget.limit}` : 'none'
}

export interface Tree {
  readonly workspace: string
  readonly member: string
  readonly run: string
  readonly sibling: string
}

let trees = 0

/** A workspace with credits, a member of it with two runs. */
export async function growTree(to: Ask, credits = '1000'): Promise<Tree> {
  const name = `tree-${++trees}`
  const workspace = await signUp(to, `${name}-workspace`, 'prepaid')
  await grantCredits(to, { customerId: workspace, amount: credits, idempotencyKey: 'start' })
  const member = await place(to, `${name}-member`, workspace)
  const run = await place(to, `${name}-run`, member)
  return { workspace, member, run, sibling: await place(to, `${name}-sibling`, member) }
}
