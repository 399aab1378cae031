import { amountOf, type MeterUsage } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

/** Names what one meter counted in one period: `${customerPk} ${meterPk} ${periodStart}`. */
export type UsageKey = string

export function usageKey(customerPk: number, meterPk: number, periodStart: number): UsageKey {
  return `${customerPk} ${meterPk} ${periodStart}`
}

export function startOf(key: UsageKey): number {
  return Number(key.slice(key.lastIndexOf(' ') + 1))
}

/** Whose usage the key names. */
export function ownerOf(key: UsageKey): number {
  return Number(key.slice(0, key.indexOf(' ')))
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
  // Laterals, so that no plan of a small table reads a large one.
  text: `select distinct ${COLUMNS} from unnest($1::bigint[]) as w(customer_pk)
         cross join lateral (select distinct o.current_period_start from subscription o
           where o.customer_pk = w.customer_pk and o.status <> 'CANCELED') s
         cross join lateral (select * from meter_period p
           where p.customer_pk = w.customer_pk and p.period_start = s.current_period_start) m`,
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
