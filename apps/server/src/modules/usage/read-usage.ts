import { amountOf, bucketsBetween, formatAmount, type Granularity, type Span } from '@florin/core'
import type { Database } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Viewer } from '../accounts/viewer.ts'
import type { CatalogMeter, CatalogReader } from '../catalog/read-catalog.ts'
import { findMeter } from './consume.ts'

export interface UsageQuery {
  customerId: string
  meter: string
  /** Epoch milliseconds; NaN: what was sent is no instant. */
  from: number
  to: number
  granularity: Granularity
  groupBy?: string | null | undefined
}

/** What a meter counted in one bucket of the customer's local time. Decimals as text. */
export interface UsageBucket extends Span {
  readonly quantity: string
  readonly credits: string
  readonly group: string | null
}

interface Counted {
  readonly start: number
  readonly quantity: string
  readonly credits: string
  readonly group: string | null
}

const MOST_BUCKETS = 1_000
const SHORTEST_MS: Readonly<Record<Granularity, number>> = { HOUR: 3_600_000, DAY: 82_800_000, MONTH: 2_419_200_000 }

/**
 * Usage by local hour, day or month, empty buckets included; with `groupBy` one bucket for each value of that property
 * that occurs. Read from quarter-hours, or from the events of the range when grouped. A customer groups by the properties that
 * the meter names for it only: others may be what an event cost. Throws NOT_FOUND, INVALID_INPUT.
 */
export async function readUsage(
  { database, catalog }: { database: Database; catalog: CatalogReader },
  viewer: Viewer,
  query: UsageQuery,
): Promise<UsageBucket[]> {
  const { project } = viewer
  checkRange(query)
  const customer = await findCustomer(database, project, query.customerId)
  const { meter } = await findMeter(catalog, project, query.meter)
  if (viewer.role === 'customer') checkGroup(meter, query.groupBy)
  const buckets = bucketsBetween(query.from, query.to, query.granularity, customer.timezone)
  const span = { start: buckets[0]?.start ?? query.from, end: buckets.at(-1)?.end ?? query.to }
  const counted =
    query.groupBy == null
      ? await countQuarters(database, customer.pk, meter.pk, span)
      : await countEvents(database, customer.pk, meter.code, span, query.groupBy)
  return query.groupBy == null ? fill(buckets, counted) : fillGroups(buckets, counted)
}

export function checkSpan({ from, to }: Pick<UsageQuery, 'from' | 'to'>): void {
  if (Number.isNaN(from)) throw invalidInput('from', 'from is not an instant such as "2027-01-01T00:00:00Z"')
  if (Number.isNaN(to) || to <= from) throw invalidInput('to', 'to must be an instant after from')
}

function checkRange({ from, to, granularity }: UsageQuery): void {
  checkSpan({ from, to })
  if ((to - from) / SHORTEST_MS[granularity] > MOST_BUCKETS) {
    throw invalidInput(
      'granularity',
      `the range has more than ${MOST_BUCKETS} buckets: ask for larger ones, or for less`,
    )
  }
}

function checkGroup({ code, groupBy }: CatalogMeter, property: string | null | undefined): void {
  if (property == null || groupBy.includes(property)) return
  const remedy = groupBy.length === 0 ? 'leave it out' : `it is one of ${groupBy.join(', ')}`
  throw invalidInput('groupBy', `customers can't group the meter "${code}" by "${property}": ${remedy}`)
}

async function countQuarters(database: Database, customerPk: number, meterPk: number, span: Span): Promise<Counted[]> {
  return database.query<Counted>(
    `select start, quantity::text, credits::text, null as group from usage_quarter
     where customer_pk = $1 and meter_pk = $2 and start >= $3 and start < $4 order by start`,
    [customerPk, meterPk, new Date(span.start), new Date(span.end)],
  )
}

/**
 * Added up by the database, by quarter-hours and groups: a range of a million events is a few thousand rows. Events of those
 * below count as in the chart, if they counted for the customer; of those who have been moved away they are not looked for.
 */
async function countEvents(
  database: Database,
  customerPk: number,
  meter: string,
  span: Span,
  property: string,
): Promise<Counted[]> {
  return database.query<Counted>(
    `with recursive below(pk) as (
       select $1::bigint
       union all
       select l.customer_pk from below b join customer_ledger l on l.parent_pk = b.pk)
     select date_bin('15 minutes', e.timestamp, 'epoch') as start, sum((d->>'quantity')::numeric)::text as quantity,
       sum((d->>'credits')::numeric + (d->>'overage')::numeric + (d->>'uncovered')::numeric)::text as credits,
       e.properties->>$5 as group
     from below b join usage_event e on e.customer_pk = b.pk
     cross join lateral jsonb_array_elements(e.result->'draws') d
     where (b.pk = $1 or d->'path'->'levels' @> jsonb_build_array(jsonb_build_object('pk', $1::bigint)))
       and e.timestamp >= $3 and e.timestamp < $4 and e.status = 'RECORDED' and d->>'meter' = $2
     group by 1, 4 order by 1`,
    [customerPk, meter, new Date(span.start), new Date(span.end), property],
  )
}

/** Both lists are in order of time, so one pass puts everything into its bucket. */
function fill(buckets: readonly Span[], counted: readonly Counted[], group: string | null = null): UsageBucket[] {
  let next = 0
  return buckets.map(({ start, end }) => {
    let quantity = 0n
    let credits = 0n
    for (; next < counted.length && (counted[next] as Counted).start < end; next++) {
      const row = counted[next] as Counted
      quantity += amountOf<'quantity'>(row.quantity)
      credits += amountOf<'credits'>(row.credits)
    }
    return { start, end, quantity: formatAmount(quantity), credits: formatAmount(credits), group }
  })
}

function fillGroups(buckets: readonly Span[], counted: readonly Counted[]): UsageBucket[] {
  const groups = new Map<string | null, Counted[]>()
  for (const row of counted) {
    const known = groups.get(row.group)
    if (known) known.push(row)
    else groups.set(row.group, [row])
  }
  const filled = [...groups].map(([group, rows]) => fill(buckets, rows, group))
  return buckets.flatMap((_, index) => filled.map((series) => series[index] as UsageBucket))
}
