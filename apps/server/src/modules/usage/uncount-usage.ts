import { arrayOf, type Transaction } from '../../platform/database.ts'
import { quarterOf } from './customer-usage.ts'
import type { StoredDraw } from './spend-request.ts'

/** What one customer paid of an event that no longer counts. */
export interface VoidedEvent {
  readonly projectId: string
  readonly payerPk: number
  /** Whose usage charts have it. */
  readonly levels: readonly number[]
  readonly timestamp: number
  readonly draws: readonly StoredDraw[]
}

/** The draws of an event, each with its meter. Without a card there was no period. */
const DRAWS = `
  (select m.pk as meter_pk, timestamptz 'epoch' + d."periodStart" * interval '1 millisecond' as period_start, d.*
   from jsonb_to_recordset($3::jsonb) as d(meter text, quantity numeric, credits numeric, overage numeric,
     uncovered numeric, "periodStart" bigint, digest text)
   join meter m on m.project_id = $1 and m.code = d.meter) d`

const PERIODS = `
  update meter_period p
  set quantity = p.quantity - d.quantity, credits = p.credits - d.credits, overage = p.overage - d.overage,
    uncovered = p.uncovered - d.uncovered
  from ${DRAWS}
  where p.customer_pk = $2 and p.meter_pk = d.meter_pk and p.period_start = d.period_start`

const QUARTERS = `
  update usage_quarter q
  set quantity = q.quantity - d.quantity,
    credits = q.credits - case when d.period_start is null then 0 else d.credits + d.overage + d.uncovered end
  from ${DRAWS}
  where q.customer_pk = any($2::bigint[]) and q.meter_pk = d.meter_pk and q.start = $4`

const VALUES = `
  delete from unique_value v using ${DRAWS}
  where v.customer_pk = $2 and v.meter_pk = d.meter_pk and v.period_start = d.period_start and v.digest = d.digest`

/** Takes an event out of what its meters counted: in its period and quarter-hours, and as a value that has been seen. */
export function uncountUsage(tx: Transaction, { projectId, payerPk, levels, timestamp, draws }: VoidedEvent): void {
  const counted = JSON.stringify(draws)
  tx.send(PERIODS, [projectId, payerPk, counted])
  tx.send(QUARTERS, [projectId, arrayOf(levels), counted, new Date(quarterOf(timestamp))])
  tx.send(VALUES, [projectId, payerPk, counted])
}
