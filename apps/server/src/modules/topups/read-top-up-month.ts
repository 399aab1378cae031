import { localMonth, type Span } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import type { AutoTopUp } from './read-auto-top-ups.ts'

/** What limits of the month count: automatic purchases that were paid for, or may yet be. */
export interface TopUpMonth {
  readonly month: Span
  readonly charges: number
  /** In minor units of the currency, tax included. */
  readonly spent: bigint
}

/** A switch's month in the customer's time zone, as of an instant of the project's time. */
export async function readTopUpMonth(
  tx: Pick<Transaction, 'query'>,
  { customerPk, creditTypePk }: Pick<AutoTopUp, 'customerPk' | 'creditTypePk'>,
  currency: string,
  at: number,
): Promise<TopUpMonth> {
  const [zone] = await tx.query<{ timezone: string }>(`select timezone from customer where pk = $1`, [customerPk])
  const month = localMonth(at, zone?.timezone ?? 'UTC')
  const [made] = await tx.query<{ charges: number; spent: number }>(
    `select count(*) as charges, coalesce(sum(total_minor) filter (where currency = $4), 0)::int8 as spent
     from auto_top_up_charge where customer_pk = $1 and credit_type_pk = $2 and started_at >= $3
       and status in ('PENDING', 'SUCCEEDED')`,
    [customerPk, creditTypePk, new Date(month.start), currency],
  )
  return { month, charges: made?.charges ?? 0, spent: BigInt(made?.spent ?? 0) }
}
