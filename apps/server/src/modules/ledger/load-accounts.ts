import { type Account, amountOf, type ExactMoney, type Grant, type GrantKind, openAccount } from '@florin/core'
import type { Statement, Transaction } from '../../platform/database.ts'
import { arrayOf } from '../../platform/database.ts'

/** A grant as the database has it. */
export interface GrantRow {
  id: string
  customer_pk: number
  credit_type_pk: number
  kind: GrantKind
  wallet_priority: number
  priority: number
  amount: string
  remaining: string
  held: string
  frozen: string | null
  owed: string
  effective_at: number
  expires_at: number | null
  applies_to: number[]
  entered: boolean
  ended: Grant['ended']
  closed: boolean
}

/** An account, and what else stands beside its version. */
export interface StoredAccount extends Account {
  /** The most overage money in a billing period; null: no limit. */
  readonly spendLimit: ExactMoney | null
}

const LOCK: Statement = {
  name: 'ledger-lock',
  text: `select customer_pk, version, spend_limit from customer_ledger where customer_pk = any($1::bigint[])
         order by customer_pk for update`,
}

const VERSIONS: Statement = {
  name: 'ledger-versions',
  text: `select customer_pk, version, spend_limit from customer_ledger where customer_pk = any($1::bigint[])`,
}

export const GRANT_COLUMNS = `id, customer_pk, credit_type_pk, kind::text, wallet_priority, priority, amount, remaining, held,
  frozen, owed, effective_at, expires_at, applies_to, entered, ended, closed_at is not null as closed`

const OPEN_GRANTS: Statement = {
  name: 'ledger-open-grants',
  text: `select ${GRANT_COLUMNS} from "grant" where customer_pk = any($1::bigint[]) and closed_at is null`,
}

/**
 * Locks the customers, in sorted order, and reads their accounts as they stand behind the lock. Every writer of a
 * balance starts here, so writers of one customer take turns and writers of many never deadlock.
 */
export async function lockAccounts(
  tx: Transaction,
  customerPks: readonly number[],
): Promise<Map<number, StoredAccount>> {
  return loadAccounts(
    tx,
    LOCK,
    [...customerPks].sort((a, b) => a - b),
  )
}

/** Reads accounts without a lock; use inside a snapshot. */
export async function readAccounts(
  tx: Transaction,
  customerPks: readonly number[],
): Promise<Map<number, StoredAccount>> {
  return loadAccounts(tx, VERSIONS, customerPks)
}

async function loadAccounts(
  tx: Transaction,
  versions: Statement,
  customerPks: readonly number[],
): Promise<Map<number, StoredAccount>> {
  const pks = arrayOf(customerPks)
  // Two statements in one packet: the second one's snapshot is taken when the first has its locks.
  const [ledgers, grants] = await Promise.all([
    tx.query<{ customer_pk: number; version: number; spend_limit: string | null }>(versions, [pks]),
    tx.query<GrantRow>(OPEN_GRANTS, [pks]),
  ])
  const byCustomer = new Map<number, Grant[]>()
  for (const row of grants) {
    const list = byCustomer.get(row.customer_pk)
    if (list) list.push(toGrant(row))
    else byCustomer.set(row.customer_pk, [toGrant(row)])
  }
  return new Map(
    ledgers.map(({ customer_pk, version, spend_limit }) => [
      customer_pk,
      {
        ...openAccount(version, byCustomer.get(customer_pk) ?? []),
        spendLimit: spend_limit === null ? null : amountOf(spend_limit),
      },
    ]),
  )
}

export function toGrant(row: GrantRow): Grant {
  return {
    id: row.id,
    creditType: row.credit_type_pk,
    kind: row.kind,
    walletPriority: row.wallet_priority,
    priority: row.priority,
    effectiveAt: row.effective_at,
    expiresAt: row.expires_at,
    amount: amountOf(row.amount),
    remaining: amountOf(row.remaining),
    held: amountOf(row.held),
    frozen: row.frozen === null ? null : amountOf(row.frozen),
    owed: amountOf(row.owed),
    appliesTo: row.applies_to,
    entered: row.entered,
    ended: row.ended,
    closed: row.closed,
  }
}
