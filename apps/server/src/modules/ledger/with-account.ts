import { type Account, type Cause, type Change, catchUp, endGrant, growGrant, type LedgerEntry } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { addGrant, type NewGrant } from './add-grant.ts'
import { lockAccounts } from './load-accounts.ts'
import { writeAccounts } from './write-accounts.ts'

/** One customer's account under its lock, for commands that change it step by step. */
export interface AccountSession {
  readonly account: Account
  apply(change: Change): void
  add(grant: NewGrant, cause: (grantId: string) => Cause): Promise<string>
  grow(grantId: string, amount: Parameters<typeof growGrant>[2], cause: Cause): void
  end(grantId: string, kind: 'VOID' | 'EXPIRE', cause: Cause): void
  /** A change of billing state that moves no credits: the version alone grows. */
  touch(): void
}

/** Locks the customer, brings the account up to now, lets `work` change it, and writes what changed. */
export async function withAccount<Result>(
  tx: Transaction,
  customerPk: number,
  now: number,
  work: (session: AccountSession) => Promise<Result>,
): Promise<{ result: Result; version: number }> {
  const before = (await lockAccounts(tx, [customerPk])).get(customerPk)
  if (!before) throw new Error(`customer ${customerPk} has no ledger`)
  const session = openSession(tx, before, now)
  const result = await work(session)
  const { account: after, entries } = session.state()
  writeAccounts(tx, [{ customerPk, before, after, entries }])
  return { result, version: after.version }
}

function openSession(tx: Transaction, before: Account, now: number) {
  let current: Change = catchUp(before, now)
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
    end: (grantId, kind, cause) => apply(endGrant(current.account, grantId, kind, now, cause)),
    touch: () => {
      current = { ...current, account: { ...current.account, version: current.account.version + 1 } }
    },
    state: () => ({ account: current.account, entries }),
  } satisfies AccountSession & { state(): Change }
}
