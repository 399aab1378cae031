import { formatAmount, type MeterUsage } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import type { CustomerUsage } from './customer-usage.ts'
import type { UsageKey } from './read-meter-usage.ts'
import type { ValueKey } from './read-unique-values.ts'
import type { SpendRequest, StoredResult } from './spend-request.ts'

/** A request that was decided anew: its key is stored with its answer. */
export interface DecidedEvent {
  readonly request: SpendRequest
  readonly status: 'RECORDED' | 'REFUSED'
  readonly result: StoredResult
}

const EVENTS: Statement = {
  name: 'usage-write-events',
  text: `insert into usage_event (customer_pk, operation, key, input_hash, event_name, properties, timestamp, status, result)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[],
           $7::timestamptz[], $8::text[], $9::jsonb[])`,
}

const PERIODS: Statement = {
  name: 'usage-write-periods',
  text: `insert into meter_period (customer_pk, meter_pk, period_start, quantity, credits, overage, uncovered)
         select * from unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::numeric[], $5::numeric[], $6::numeric[],
           $7::numeric[])
         on conflict (customer_pk, meter_pk, period_start) do update
           set quantity = excluded.quantity, credits = excluded.credits, overage = excluded.overage,
               uncovered = excluded.uncovered`,
}

const QUARTERS: Statement = {
  name: 'usage-write-quarters',
  text: `insert into usage_quarter as q (customer_pk, meter_pk, start, quantity, credits)
         select * from unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::numeric[], $5::numeric[])
         on conflict (customer_pk, meter_pk, start) do update
           set quantity = q.quantity + excluded.quantity, credits = q.credits + excluded.credits`,
}

const VALUES: Statement = {
  name: 'usage-write-values',
  text: `insert into unique_value (customer_pk, meter_pk, period_start, digest)
         select * from unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::text[])`,
}

/** Stores the keys with their answers, what the meters counted and saw, and the quarter-hours of the usage chart. */
export function writeUsage(
  tx: Transaction,
  customers: readonly CustomerUsage[],
  events: readonly DecidedEvent[],
): void {
  const periods = customers.flatMap(({ changedUsage }) => [...changedUsage])
  const quarters = customers.flatMap(({ customerPk, quarters }) =>
    [...quarters.values()].map((gain) => ({ customerPk, ...gain })),
  )
  const values = customers.flatMap(({ newValues }) => [...newValues])
  if (events.length > 0) tx.send(EVENTS, eventColumns(events))
  if (periods.length > 0) tx.send(PERIODS, periodColumns(periods))
  if (values.length > 0) tx.send(VALUES, valueColumns(values))
  if (quarters.length === 0) return
  tx.send(QUARTERS, [
    arrayOf(quarters.map(({ customerPk }) => customerPk)),
    arrayOf(quarters.map(({ meterPk }) => meterPk)),
    arrayOf(quarters.map(({ start }) => new Date(start).toISOString())),
    arrayOf(quarters.map(({ quantity }) => formatAmount(quantity))),
    arrayOf(quarters.map(({ credits }) => formatAmount(credits))),
  ])
}

function eventColumns(events: readonly DecidedEvent[]): unknown[] {
  return [
    arrayOf(events.map(({ request }) => request.customerPk)),
    arrayOf(events.map(({ request }) => request.operation)),
    events.map(({ request }) => request.key),
    arrayOf(events.map(({ request }) => request.inputHash)),
    events.map(({ request }) => request.eventName),
    events.map(({ request }) => propertiesOf(request)),
    arrayOf(events.map(({ request }) => new Date(request.timestamp).toISOString())),
    arrayOf(events.map(({ status }) => status)),
    events.map(({ result }) => JSON.stringify(result)),
  ]
}

function propertiesOf({ properties }: SpendRequest): string | null {
  for (const _ in properties) return JSON.stringify(properties)
  return null
}

function periodColumns(periods: readonly [UsageKey, MeterUsage][]): unknown[] {
  const keys = periods.map(([key]) => key.split(' ') as [string, string, string])
  return [
    arrayOf(keys.map(([customerPk]) => customerPk)),
    arrayOf(keys.map(([, meterPk]) => meterPk)),
    arrayOf(keys.map(([, , periodStart]) => new Date(Number(periodStart)).toISOString())),
    arrayOf(periods.map(([, { quantity }]) => formatAmount(quantity))),
    arrayOf(periods.map(([, { credits }]) => formatAmount(credits))),
    arrayOf(periods.map(([, { overage }]) => formatAmount(overage))),
    arrayOf(periods.map(([, { uncovered }]) => formatAmount(uncovered))),
  ]
}

function valueColumns(values: readonly ValueKey[]): unknown[] {
  const keys = values.map((value) => value.split(' ') as [string, string, string, string])
  return [
    arrayOf(keys.map(([customerPk]) => customerPk)),
    arrayOf(keys.map(([, meterPk]) => meterPk)),
    arrayOf(keys.map(([, , periodStart]) => new Date(Number(periodStart)).toISOString())),
    arrayOf(keys.map(([, , , digest]) => digest)),
  ]
}
