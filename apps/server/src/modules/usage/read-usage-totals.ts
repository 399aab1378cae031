import { amountOf, formatAmount } from '@florin/core'
import type { Database } from '../../platform/database.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import type { CatalogMeter, CatalogReader } from '../catalog/read-catalog.ts'
import { checkSpan } from './read-usage.ts'

/** What a meter counted in a span. Decimals as text. */
export interface UsageTotal {
  readonly meter: CatalogMeter
  readonly quantity: string
  readonly credits: string
}

/**
 * What each meter counted between two instants, to the quarter of an hour; also those that no card of the customer rates any
 * more. Those that cost most come first. Throws NOT_FOUND, INVALID_INPUT.
 */
export async function readUsageTotals(
  { database, catalog }: { database: Database; catalog: CatalogReader },
  project: Project,
  query: { customerId: string; from: number; to: number },
): Promise<UsageTotal[]> {
  checkSpan(query)
  const customer = await findCustomer(database, project, query.customerId)
  const totals = await database.query<{ pk: number; quantity: string; credits: string }>(
    `select meter_pk as pk, sum(quantity)::text as quantity, sum(credits)::text as credits from usage_quarter
     where customer_pk = $1 and start >= date_bin('15 minutes', $2::timestamptz, 'epoch') and start < $3
     group by meter_pk order by sum(credits) desc, meter_pk`,
    [customer.pk, new Date(query.from), new Date(query.to)],
  )
  const { metersByPk } = await catalog.fresh(project.id)
  return totals.flatMap(({ pk, quantity, credits }) => {
    const meter = metersByPk.get(pk)
    if (!meter) return []
    return [
      {
        meter,
        quantity: formatAmount(amountOf<'quantity'>(quantity)),
        credits: formatAmount(amountOf<'credits'>(credits)),
      },
    ]
  })
}
