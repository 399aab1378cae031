import { type Account, addGrant as addToAccount, type Cause, type Change, formatAmount, type Grant } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'

/** A grant to be written: what core decides on, and where it belongs. */
export interface NewGrant {
  readonly customerPk: number
  readonly creditType: number
  readonly kind: Grant['kind']
  readonly amount: Grant['amount']
  readonly priority: number
  readonly effectiveAt: number
  readonly expiresAt: number | null
  readonly appliesTo: readonly number[]
  readonly metadata?: unknown
  /** A wallet of the customer's; left out: the credit type's default one. */
  readonly wallet?: { readonly id: string; readonly priority: number }
  readonly subscriptionId?: string
  readonly periodStart?: number
  readonly paymentId?: string
}

export const DEFAULT_WALLET = 'default'
export const DEFAULT_PRIORITY = 100

/** Inserts the grant's row and adds it to the account. The caller holds the customer's lock and writes the account. */
export async function addGrant(
  tx: Transaction,
  account: Account,
  grant: NewGrant,
  now: number,
  cause: (grantId: string) => Cause,
): Promise<Change & { grantId: string }> {
  const wallet = grant.wallet ?? (await defaultWallet(tx, grant.customerPk, grant.creditType))
  const id = newId()
  const amount = formatAmount(grant.amount)
  tx.send(
    `insert into "grant" (id, customer_pk, credit_type_pk, wallet_id, wallet_priority, kind, amount, remaining, priority,
       effective_at, expires_at, entered, applies_to, metadata, subscription_id, period_start, payment_id)
     values ($1, $2, $3, $4, $5, $6::grant_kind, $7, $7, $8, $9, $10, false, $11, $12, $13, $14, $15)`,
    [
      id,
      grant.customerPk,
      grant.creditType,
      wallet.id,
      wallet.priority,
      grant.kind,
      amount,
      grant.priority,
      new Date(grant.effectiveAt),
      grant.expiresAt === null ? null : new Date(grant.expiresAt),
      grant.appliesTo,
      grant.metadata == null ? null : JSON.stringify(grant.metadata),
      grant.subscriptionId ?? null,
      grant.periodStart === undefined ? null : new Date(grant.periodStart),
      grant.paymentId ?? null,
    ],
  )
  const state: Grant = {
    id,
    creditType: grant.creditType,
    kind: grant.kind,
    walletPriority: wallet.priority,
    priority: grant.priority,
    effectiveAt: grant.effectiveAt,
    expiresAt: grant.expiresAt,
    amount: grant.amount,
    remaining: grant.amount,
    held: 0n as Grant['held'],
    frozen: null,
    owed: 0n as Grant['owed'],
    appliesTo: grant.appliesTo,
    entered: false,
    ended: null,
    closed: false,
  }
  return { ...addToAccount(account, state, now, cause(id)), grantId: id }
}

async function defaultWallet(tx: Transaction, customerPk: number, creditType: number) {
  const [known] = await tx.query<{ id: string; priority: number }>(
    `select id, priority from wallet where customer_pk = $1 and credit_type_pk = $2 and name = $3`,
    [customerPk, creditType, DEFAULT_WALLET],
  )
  if (known) return known
  inheritAlerts(tx, customerPk, creditType)
  const [wallet] = await tx.query<{ id: string; priority: number }>(
    `insert into wallet (id, customer_pk, credit_type_pk, name, priority) values ($1, $2, $3, $4, $5)
     on conflict (customer_pk, credit_type_pk, name) do update set name = excluded.name
     returning id, priority`,
    [newId(), customerPk, creditType, DEFAULT_WALLET, DEFAULT_PRIORITY],
  )
  return wallet as { id: string; priority: number }
}

/** The project's alerts for all customers reach this one with the first wallet of the credit type. Its first grant arms them. */
export function inheritAlerts(tx: Transaction, customerPk: number, creditType: number): void {
  tx.send(
    `insert into balance_watch (id, customer_pk, credit_type_pk, kind, percent, amount, armed, inherited)
     select gen_random_uuid(), $1, a.credit_type_pk, 'ALERT', a.percent, a.amount, false, true from project_alert a
     where a.credit_type_pk = $2
       and not exists (select 1 from wallet w where w.customer_pk = $1 and w.credit_type_pk = $2)`,
    [customerPk, creditType],
  )
}
