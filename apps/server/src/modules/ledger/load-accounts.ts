import { type Account, amountOf, type ExactMoney, type Grant, type GrantKind, openAccount } from '@florin/core'
import { arrayOf, type Database, type Statement, type Transaction } from '../../platform/database.ts'

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

/** What stands beside a customer's version, in the row that every writer locks. */
export interface LedgerRow {
  readonly customerPk: number
  readonly version: number
  /** The most overage money in a billing period; null: no limit. */
  readonly spendLimit: ExactMoney | null
  /** No open hold runs out before this instant; null: there is none. */
  readonly holdDueAt: number | null
  /** Who stands directly above the customer in a tree. */
  readonly parentPk: number | null
  /** Whether there are budgets to read. */
  readonly hasBudgets: boolean
  /** Whether there is any endpoint, of whomever: where there is none, nothing has to be told. */
  readonly isHeard: boolean
}

/** An account, and what stands beside its version. */
export type StoredAccount = Account & LedgerRow

interface StoredRow {
  customer_pk: number
  version: number
  spend_limit: string | null
  hold_due_at: number | null
  parent_pk: number | null
  has_budgets: boolean
  is_heard: boolean
}

const COLUMNS = `l.customer_pk, l.version, l.spend_limit, l.hold_due_at, l.parent_pk, l.has_budgets,
  exists (select 1 from webhook_endpoint) as is_heard`

const LOCK: Statement = {
  name: 'ledger-lock',
  text: `select ${COLUMNS} from unnest($1::bigint[]) with ordinality as w(customer_pk, place)
         join customer_ledger l using (customer_pk) order by w.place for update of l`,
}

const VERSIONS: Statement = {
  name: 'ledger-versions',
  text: `select ${COLUMNS} from customer_ledger l where l.customer_pk = any($1::bigint[])`,
}

export const GRANT_COLUMNS = `id, customer_pk, credit_type_pk, kind::text, wallet_priority, priority, amount, remaining, held,
  frozen, owed, effective_at, expires_at, applies_to, entered, ended, closed_at is not null as closed`

const OPEN_GRANTS: Statement = {
  name: 'ledger-open-grants',
  text: `select ${GRANT_COLUMNS} from "grant" where customer_pk = any($1::bigint[]) and closed_at is null`,
}

/**
 * Locks the customers, in the order in which they are given. Every writer of a balance starts here, so writers of one
 * customer take turns; writers of many never deadlock as long as all give them in the same order (`inLockOrder`).
 */
export async function lockLedgers(tx: Transaction, customerPks: readonly number[]): Promise<LedgerRow[]> {
  const rows = await tx.query<StoredRow>(LOCK, [arrayOf(customerPks)])
  return rows.map(toLedgerRow)
}

/** Locks the customers and reads their accounts as they stand behind the lock. */
export async function lockAccounts(
  tx: Transaction,
  customerPks: readonly number[],
): Promise<Map<number, StoredAccount>> {
  // Two statements in one packet: the second one's snapshot is taken when the first has its locks.
  return toAccounts(...(await Promise.all([lockLedgers(tx, customerPks), readOpenGrants(tx, customerPks)])))
}

/** Reads accounts without a lock; use inside a snapshot. */
export async function readAccounts(
  tx: Transaction,
  customerPks: readonly number[],
): Promise<Map<number, StoredAccount>> {
  const [rows, grants] = await Promise.all([
    tx.query<StoredRow>(VERSIONS, [arrayOf(customerPks)]),
    readOpenGrants(tx, customerPks),
  ])
  return toAccounts(rows.map(toLedgerRow), grants)
}

/** The customers' versions, without a lock. */
export async function readVersions(from: Database | Transaction, customerPks: readonly number[]) {
  if (customerPks.length === 0) return new Map<number, number>()
  const rows = await from.query<StoredRow>(VERSIONS, [arrayOf(customerPks)])
  return new Map(rows.map(({ customer_pk, version }) => [customer_pk, version]))
}

/** The accounts of locked customers. */
export function toAccounts(
  ledgers: readonly LedgerRow[],
  grants: ReadonlyMap<number, readonly Grant[]>,
): Map<number, StoredAccount> {
  return new Map(
    ledgers.map((row) => [row.customerPk, { ...openAccount(row.version, grants.get(row.customerPk) ?? []), ...row }]),
  )
}

/** Grants that can still be drawn or hold something, by customer. */
export async function readOpenGrants(tx: Transaction, customerPks: readonly number[]): Promise<Map<number, Grant[]>> {
  const rows = await tx.query<GrantRow>(OPEN_GRANTS, [arrayOf(customerPks)])
  const byCustomer = new Map<number, Grant[]>()
  for (const row of rows) {
    const list = byCustomer.get(row.customer_pk)
    if (list) list.push(toGrant(row))
    else byCustomer.set(row.customer_pk, [toGrant(row)])
  }
  return byCustomer
}

function toLedgerRow(row: StoredRow): LedgerRow {
  return {
    customerPk: row.customer_pk,
    version: row.version,
    spendLimit: row.spend_limit === null ? null : amountOf(row.spend_limit),
    holdDueAt: row.hold_due_at,
    parentPk: row.parent_pk,
    hasBudgets: row.has_budgets,
    isHeard: row.is_heard,
  }
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
