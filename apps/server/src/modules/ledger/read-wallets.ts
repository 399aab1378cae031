import { amountOf, formatAmount } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'

export interface WalletView {
  readonly id: string
  readonly name: string
  readonly creditType: string
  readonly priority: number
  readonly metadata: unknown
  /** Credits that can be spent from this wallet now. */
  readonly available: string
}

/** A customer's wallets in drawdown order, with what each holds now. */
export async function readWallets(
  { database }: { database: Database },
  project: Project,
  customerPk: number,
): Promise<WalletView[]> {
  const rows = await database.query<WalletView>(
    `select w.id, w.name, t.code as "creditType", w.priority, w.metadata, coalesce((
       select sum(g.remaining) from "grant" g
       where g.wallet_id = w.id and g.closed_at is null and g.effective_at <= $2
         and (g.expires_at is null or g.expires_at > $2)), 0)::text as available
     from wallet w join credit_type t on t.pk = w.credit_type_pk
     where w.customer_pk = $1 order by w.priority, w.id`,
    [customerPk, new Date(nowOf(project))],
  )
  return rows.map((row) => ({ ...row, available: formatAmount(amountOf(row.available)) }))
}
