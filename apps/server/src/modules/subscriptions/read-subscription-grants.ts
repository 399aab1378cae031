import { type Account, add, amountOf, type Credits, type Grant, type PeriodSoFar, ZERO } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { Catalog } from '../catalog/read-catalog.ts'
import type { Subscription } from './read-subscriptions.ts'

/** The account's open grants that a subscription has brought: allowances, and what of earlier ones was rolled over. */
export async function readSubscriptionGrants(
  tx: Transaction,
  account: Account,
  subscription: Subscription,
): Promise<Grant[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from "grant" where subscription_id = $1 and customer_pk = $2 and closed_at is null`,
    [subscription.id, subscription.customerPk],
  )
  const ids = new Set(rows.map(({ id }) => id))
  return account.grants.filter(({ id, closed }) => ids.has(id) && !closed)
}

export interface SoFar extends PeriodSoFar {
  /** By credit type: spent since the instant, and counted as there. */
  readonly spentSince: ReadonlyMap<string, Credits>
}

/**
 * What the running period has cost and brought, as of an instant not long ago: what was spent since then counts as there.
 * Allowance that was withheld counts as granted and spent.
 */
export async function readPeriodSoFar(
  tx: Transaction,
  account: Account,
  catalog: Catalog,
  subscription: Subscription,
  currency: string,
  at: number,
): Promise<SoFar> {
  const grants = await readSubscriptionGrants(tx, account, subscription)
  const allowances = grants.filter(
    ({ kind, effectiveAt }) => kind === 'ALLOWANCE' && effectiveAt === subscription.currentPeriodStart,
  )
  const spentSince = await readSpentSince(tx, catalog, subscription, allowances, at)
  const money = (minor: number) => ({ minor: BigInt(minor), currency })
  const codes = new Set([...allowances.map((grant) => codeOf(catalog, grant)), ...Object.keys(subscription.withheld)])
  return {
    paid: money(subscription.paidMinor),
    kept: money(subscription.keptMinor),
    allowance: new Map([...codes].map((code) => [code, allowanceOf(code)])),
    spentSince,
  }

  function allowanceOf(code: string) {
    const grant = allowances.find((candidate) => codeOf(catalog, candidate) === code)
    return {
      granted: add(grant?.amount ?? (ZERO as Credits), amountOf<'credits'>(subscription.withheld[code] ?? '0')),
      remaining: add(grant?.remaining ?? (ZERO as Credits), spentSince.get(code) ?? (ZERO as Credits)),
    }
  }
}

const codeOf = (catalog: Catalog, { creditType }: Grant) => catalog.creditTypesByPk.get(creditType)?.code ?? ''

/** Entries of one customer that may have been written while a change was being paid; beyond them is no quick change. */
const NEWEST = 5_000

async function readSpentSince(
  tx: Transaction,
  catalog: Catalog,
  { customerPk }: Subscription,
  allowances: readonly Grant[],
  at: number,
): Promise<Map<string, Credits>> {
  const rows = await tx.query<{ grant_id: string; spent: string }>(
    `select grant_id, (-sum(amount))::text as spent from (
       select grant_id, amount, kind, effective_at from ledger_entry where customer_pk = $1 order by pk desc limit ${NEWEST}) e
     where grant_id = any($2::uuid[]) and kind in ('DRAW', 'REVERSE') and effective_at >= $3 group by grant_id`,
    [customerPk, allowances.map(({ id }) => id), new Date(at)],
  )
  return new Map(
    rows.flatMap(({ grant_id, spent }) => {
      const grant = allowances.find(({ id }) => id === grant_id)
      return grant ? [[codeOf(catalog, grant), amountOf<'credits'>(spent)] as const] : []
    }),
  )
}
