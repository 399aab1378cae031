import { createHash } from 'node:crypto'
import { uniqueValueOf } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import type { CatalogMeter } from '../catalog/read-catalog.ts'
import { type UsageKey, usageKey } from './read-meter-usage.ts'

/** Names a value of a UNIQUE meter in one period: `${usageKey} ${digest}`. */
export type ValueKey = string

export function valueKey(usage: UsageKey, digest: string): ValueKey {
  return `${usage} ${digest}`
}

// Half of the hash: values may be long and personal, two of a customer's meet once in 2^64, and rows stay small.
const DIGEST_LENGTH = 22

/** What stands for the value in the set of a UNIQUE meter. Null: another meter, or a value that it can't count. */
export function digestFor(meter: CatalogMeter, value: unknown): string | null {
  if (meter.aggregation !== 'UNIQUE') return null
  const unique = uniqueValueOf(meter, value)
  return unique.ok ? createHash('sha256').update(unique.value).digest('base64url').slice(0, DIGEST_LENGTH) : null
}

/** A value in the period that its event belongs to. */
export interface PeriodValue {
  readonly customerPk: number
  readonly meterPk: number
  readonly periodStart: number
  readonly digest: string
}

const SEEN: Statement = {
  name: 'usage-seen-values',
  text: `select v.customer_pk, v.meter_pk, v.period_start, v.digest from unique_value v
         join unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::text[])
           as w(customer_pk, meter_pk, period_start, digest) using (customer_pk, meter_pk, period_start, digest)`,
}

interface Row {
  customer_pk: number
  meter_pk: number
  period_start: number
  digest: string
}

/** Which of the values their periods have seen. */
export async function readSeenValues(tx: Transaction, values: readonly PeriodValue[]): Promise<Set<ValueKey>> {
  const rows = await tx.query<Row>(SEEN, [
    arrayOf(values.map(({ customerPk }) => customerPk)),
    arrayOf(values.map(({ meterPk }) => meterPk)),
    arrayOf(values.map(({ periodStart }) => new Date(periodStart).toISOString())),
    arrayOf(values.map(({ digest }) => digest)),
  ])
  return new Set(rows.map((row) => valueKey(usageKey(row.customer_pk, row.meter_pk, row.period_start), row.digest)))
}
