import { amountOf, type MeterUsage } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

/** Names what one meter counted in one period: `${customerPk} ${meterPk} ${periodStart}`. */
export type UsageKey = string

export function usageKey(customerPk: number, meterPk: number, periodStart: number): UsageKey {
  return `${customerPk} ${meterPk} ${periodStart}`
}

interface MeterPeriodRow {
  customer_pk: number
  meter_pk: number
  period_start: number
  quantity: string
  credits: string
  overage: string
  uncovered: string
}

const COLUMNS = 'm.customer_pk, m.meter_pk, m.period_start, m.quantity, m.credits, m.overage, m.uncovered'

const CURRENT: Statement = {
  name: 'meter-usage-current',
  text: `select distinct ${COLUMNS} from subscription s
         join meter_period m on m.customer_pk = s.customer_pk and m.period_start = s.current_period_start
         where s.customer_pk = any($1::bigint[]) and s.status <> 'CANCELED'`,
}

const NAMED: Statement = {
  name: 'meter-usage-named',
  text: `select ${COLUMNS} from meter_period m
         join unnest($1::bigint[], $2::int[], $3::timestamptz[]) as w(customer_pk, meter_pk, period_start)
           using (customer_pk, meter_pk, period_start)`,
}

/** What every meter of the customers counted in the current period of their subscriptions. */
export async function readCurrentUsage(
  tx: Transaction,
  customerPks: readonly number[],
): Promise<Map<UsageKey, MeterUsage>> {
  return toMap(await tx.query<MeterPeriodRow>(CURRENT, [arrayOf(customerPks)]))
}

/** The same for periods that are named outright: those of late events. */
export async function readNamedUsage(
  tx: Transaction,
  periods: readonly { customerPk: number; meterPk: number; periodStart: number }[],
): Promise<Map<UsageKey, MeterUsage>> {
  const rows = await tx.query<MeterPeriodRow>(NAMED, [
    arrayOf(periods.map(({ customerPk }) => customerPk)),
    arrayOf(periods.map(({ meterPk }) => meterPk)),
    arrayOf(periods.map(({ periodStart }) => new Date(periodStart).toISOString())),
  ])
  return toMap(rows)
}

function toMap(rows: readonly MeterPeriodRow[]): Map<UsageKey, MeterUsage> {
  return new Map(
    rows.map((row) => [
      usageKey(row.customer_pk, row.meter_pk, row.period_start),
      {
        quantity: amountOf(row.quantity),
        credits: amountOf(row.credits),
        overage: amountOf(row.overage),
        uncovered: amountOf(row.uncovered),
      },
    ]),
  )
}
