/** Steps of an account for tests, and its statement. Not part of the package's exports. */
import {
  type Account,
  addGrant,
  type Cause,
  type Change,
  draw,
  endGrant,
  growGrant,
  nextVersion,
  openAccount,
  rollOver,
  shrinkGrant,
} from './account.ts'
import { catchUp } from './catch-up.ts'
import { amountOf, formatAmount } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { CREDITS, grantOf, METER } from './grant.samples.ts'

export const NOW = 1_000
export const cause: Cause = { type: 'grant', id: 'because' }
export const IMAGES = CREDITS + 1

export type Step = (account: Account) => Change

export const add = (id: string, credits: string, differs: Partial<Grant> = {}): Step => {
  return (account) => addGrant(account, grantOf(id, credits, differs), NOW, cause)
}
export const grow = (id: string, credits: string): Step => {
  return (account) => growGrant(account, id, amountOf(credits), NOW, cause)
}
export const shrink = (id: string, credits: string): Step => {
  return (account) => shrinkGrant(account, id, amountOf(credits), NOW, cause)
}
export const end = (id: string, kind: 'VOID' | 'EXPIRE' = 'VOID'): Step => {
  return (account) => endGrant(account, id, kind, NOW, cause)
}
export const roll = (id: string, credits: string): Step => {
  return (account) => rollOver(account, id, amountOf(credits), NOW, cause)
}
export const spend = (credits: string, creditType = CREDITS, at = NOW): Step => {
  const usage = { creditType, meter: METER, amount: amountOf<'credits'>(credits), at, cause }
  return (account) => draw(nextVersion(account), usage)
}
export const wait = (until: number): Step => {
  return (account) => catchUp(account, until)
}

/** Takes the steps from an empty account. */
export function afterwards(...steps: Step[]): Change {
  return steps.reduce<Change>(
    (before, step) => {
      const { account, entries } = step(before.account)
      return { account, entries: [...before.entries, ...entries] }
    },
    { account: openAccount(0, []), entries: [] },
  )
}

/** The ledger as a statement: version, kind, grant, change, balance after it. */
export const statement = ({ entries }: Change): string[] =>
  entries.map(
    ({ version, kind, grantId, amount, availableAfter }) =>
      `${version} ${kind} ${grantId} ${formatAmount(amount)} = ${formatAmount(availableAfter)}`,
  )
export const open = ({ grants }: Account): string =>
  grants
    .filter(({ closed }) => !closed)
    .map(({ id, remaining }) => `${id} ${formatAmount(remaining)}`)
    .join(', ')
