import {
  type Account,
  type Cause,
  type Change,
  catchUp,
  endGrant,
  formatAmount,
  growGrant,
  isOpen,
  type LedgerEntry,
  rollOver,
  shrinkGrant,
} from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { addGrant, type NewGrant } from './add-grant.ts'
import { announceGrants } from './announce-grants.ts'
import { lockAccounts, type StoredAccount } from './load-accounts.ts'
import { readBudgets, renewBudgets } from './read-budgets.ts'
import { readOpenHolds } from './read-holds.ts'
import { readWatches } from './read-watches.ts'
import { settleWatches } from './settle-watches.ts'
import { type AccountWrite, writeAccounts } from './write-accounts.ts'
import { changesOf, reservedBy, returnBudgets, writeBudgets } from './write-budgets.ts'
import { expireHold, firstEnd, writeHolds } from './write-holds.ts'

/** One customer's account under its lock, for commands that change it step by step. */
export interface AccountSession {
  readonly account: Account
  /** Who stands directly above in a tree. */
  readonly parentPk: number | null
  apply(change: Change): void
  add(grant: NewGrant, cause: (grantId: string) => Cause): Promise<string>
  grow(grantId: string, amount: Parameters<typeof growGrant>[2], cause: Cause): void
  shrink(grantId: string, amount: Parameters<typeof shrinkGrant>[2], cause: Cause): void
  rollOver(grantId: string, amount: Parameters<typeof rollOver>[2], cause: Cause): void
  end(grantId: string, kind: 'VOID' | 'EXPIRE', cause: Cause): void
  /** A change of billing state that moves no credits: the version alone grows. */
  touch(versions?: number): void
}

/** What work under an account's lock came to. */
export interface AccountWork<Result> {
  readonly result: Result
  readonly version: number
  /** By credit type: how much `available` moved, as text. */
  readonly gains: Gains
}

export type Gains = readonly (readonly [creditType: number, credits: string])[]

/** Locks the customer, brings the account up to now, lets `work` change it, and writes what changed. */
export async function withAccount<Result>(
  tx: Transaction,
  customerPk: number,
  now: number,
  work: (session: AccountSession) => Promise<Result>,
): Promise<AccountWork<Result>> {
  const { result, changes } = await withAccounts(tx, [customerPk], now, (sessions) =>
    work(sessionOf(sessions, customerPk)),
  )
  const [{ opened, after }] = changes as readonly [AccountChange]
  return { result, version: after.version, gains: gainsOf(opened, after) }
}

/** An account as `work` found it, brought up to now, and as it left it. */
export interface AccountChange {
  readonly customerPk: number
  readonly opened: Account
  readonly after: Account
}

/** The same for several customers of a project at once, given in the order in which they are locked. */
export async function withAccounts<Result>(
  tx: Transaction,
  customerPks: readonly number[],
  now: number,
  work: (sessions: ReadonlyMap<number, AccountSession>) => Promise<Result>,
): Promise<{ readonly result: Result; readonly changes: readonly AccountChange[] }> {
  const accounts = await lockAccounts(tx, customerPks)
  const due = [...accounts.values()].filter(({ holdDueAt }) => holdDueAt !== null && holdDueAt <= now)
  const holds = await readOpenHolds(
    tx,
    due.map(({ customerPk }) => customerPk),
  )
  const expired = holds.filter((hold) => !isOpen(hold, now))
  const renewals = await renewOwnBudgets(tx, accounts, now)
  const opened = [...accounts].map(([customerPk, before]) => {
    const own = expired.filter(({ payerPk }) => payerPk === customerPk)
    const { account, entries } = catchUp(before, now, own)
    const version = account.version + (renewals.get(customerPk) ?? 0)
    const session = openSession(tx, before.parentPk, { account: { ...account, version }, entries }, now)
    return { customerPk, before, opened: session.account, session }
  })
  const result = await work(new Map(opened.map(({ customerPk, session }) => [customerPk, session])))
  const writes = opened.map(({ customerPk, before, session }): AccountWrite => {
    const { account: after, entries } = session.state()
    const left = holds.filter((hold) => hold.payerPk === customerPk && isOpen(hold, now))
    return { customerPk, before, after, entries, ...(due.includes(before) && { holdDueAt: firstEnd(left) }) }
  })
  writeAccounts(tx, writes)
  const isHeard = [...accounts.values()].some((account) => account.isHeard)
  writeHolds(
    tx,
    expired.map((before) => ({ before, after: expireHold(before) })),
    isHeard,
  )
  returnBudgets(tx, reservedBy(expired))
  await announceGrants(tx, writes)
  // Read last: what `work` has set is among them.
  if (writes.some(({ entries }) => entries.length > 0)) {
    settleWatches(tx, writes, await readWatches(tx, [...accounts.keys()]), () => now)
  }
  return {
    result,
    changes: opened.map((change, index) => ({ ...change, after: (writes[index] as AccountWrite).after })),
  }
}

/** The session of a customer who is among the locked. */
export function sessionOf(sessions: ReadonlyMap<number, AccountSession>, customerPk: number): AccountSession {
  const session = sessions.get(customerPk)
  if (!session) throw new Error(`customer ${customerPk} has no ledger, or is not locked`)
  return session
}

/** Lets the budgets of those who have any begin the periods that have come. Answers how many did, by customer. */
async function renewOwnBudgets(
  tx: Transaction,
  accounts: ReadonlyMap<number, StoredAccount>,
  now: number,
): Promise<Map<number, number>> {
  const owners = [...accounts].flatMap(([pk, { hasBudgets }]) => (hasBudgets ? [pk] : []))
  if (owners.length === 0) return new Map()
  const renewals = new Map<number, number>()
  for (const [pk, before] of await readBudgets(tx, owners)) {
    const { budgets, periods } = renewBudgets(before, now)
    renewals.set(pk, periods)
    writeBudgets(tx, changesOf(before, budgets), () => now)
  }
  return renewals
}

function gainsOf(before: Account, after: Account): Gains {
  return [...after.available]
    .map(([type, available]) => [type, formatAmount(available - (before.available.get(type) ?? 0n))] as const)
    .filter(([, gained]) => gained !== '0')
}

function openSession(tx: Transaction, parentPk: number | null, caughtUp: Change, now: number) {
  let current = caughtUp
  const entries: LedgerEntry[] = [...current.entries]
  const apply = (change: Change) => {
    current = change
    entries.push(...change.entries)
  }
  return {
    get account() {
      return current.account
    },
    parentPk,
    apply,
    add: async (grant: NewGrant, cause: (grantId: string) => Cause) => {
      const added = await addGrant(tx, current.account, grant, now, cause)
      apply(added)
      return added.grantId
    },
    grow: (grantId, amount, cause) => apply(growGrant(current.account, grantId, amount, now, cause)),
    shrink: (grantId, amount, cause) => apply(shrinkGrant(current.account, grantId, amount, now, cause)),
    rollOver: (grantId, amount, cause) => apply(rollOver(current.account, grantId, amount, now, cause)),
    end: (grantId, kind, cause) => apply(endGrant(current.account, grantId, kind, now, cause)),
    touch: (versions = 1) => {
      current = { ...current, account: { ...current.account, version: current.account.version + versions } }
    },
    state: () => ({ account: current.account, entries }),
  } satisfies AccountSession & { state(): Change }
}
