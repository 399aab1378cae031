import { amountOf, type Credits } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'

/** Overage credits of a customer's meters in a period, by meter key. */
export async function readPeriodOverage(
  tx: Transaction,
  customerPk: number,
  periodStart: number,
): Promise<Map<number, Credits>> {
  const rows = await tx.query<{ meter_pk: number; overage: string }>(
    `select meter_pk, overage from meter_period where customer_pk = $1 and period_start = $2 and overage > 0`,
    [customerPk, new Date(periodStart)],
  )
  return new Map(rows.map((row) => [row.meter_pk, amountOf<'credits'>(row.overage)]))
}
