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
import { lockAccounts } from './load-accounts.ts'
import { readOpenHolds } from './read-holds.ts'
import { readWatches } from './read-watches.ts'
import { settleWatches } from './settle-watches.ts'
import { writeAccounts } from './write-accounts.ts'
import { expireHold, firstEnd, writeHolds } from './write-holds.ts'

/** One customer's account under its lock, for commands that change it step by step. */
export interface AccountSession {
  readonly account: Account
  apply(change: Change): void
  add(grant: NewGrant, cause: (grantId: string) => Cause): Promise<string>
  grow(grantId: string, amount: Parameters<typeof growGrant>[2], cause: Cause): void
  shrink(grantId: string, amount: Parameters<typeof shrinkGrant>[2], cause: Cause): void
  rollOver(grantId: string, amount: Parameters<typeof rollOver>[2], cause: Cause): void
  end(grantId: string, kind: 'VOID' | 'EXPIRE', cause: Cause): void
  /** A change of billing state that moves no credits: the version alone grows. */
  touch(): void
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
  const before = (await lockAccounts(tx, [customerPk])).get(customerPk)
  if (!before) throw new Error(`customer ${customerPk} has no ledger`)
  const isHoldDue = before.holdDueAt !== null && before.holdDueAt <= now
  const holds = isHoldDue ? await readOpenHolds(tx, [customerPk]) : []
  const expired = holds.filter((hold) => !isOpen(hold, now))
  const session = openSession(tx, catchUp(before, now, expired), now)
  const opened = session.account
  const result = await work(session)
  const { account: after, entries } = session.state()
  const rest = isHoldDue ? { holdDueAt: firstEnd(holds.filter((hold) => isOpen(hold, now))) } : {}
  const write = { customerPk, before, after, entries, ...rest }
  writeAccounts(tx, [write])
  writeHolds(tx, expired.map(expireHold))
  await announceGrants(tx, [write])
  // Read last: what `work` has set is among them.
  if (entries.length > 0) settleWatches(tx, [write], await readWatches(tx, [customerPk]), () => now)
  return { result, version: after.version, gains: gainsOf(opened, after) }
}

function gainsOf(before: Account, after: Account): Gains {
  return [...after.available]
    .map(([type, available]) => [type, formatAmount(available - (before.available.get(type) ?? 0n))] as const)
    .filter(([, gained]) => gained !== '0')
}

function openSession(tx: Transaction, caughtUp: Change, now: number) {
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
    touch: () => {
      current = { ...current, account: { ...current.account, version: current.account.version + 1 } }
    },
    state: () => ({ account: current.account, entries }),
  } satisfies AccountSession & { state(): Change }
}
