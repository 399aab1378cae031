import { formatAmount } from '@florin/core'
import { arrayOf, type Transaction } from '../../platform/database.ts'
import { announceEvents } from '../events/announce-event.ts'
import type { CustomerUsage } from './customer-usage.ts'

/** Tells that a customer's spend limit has refused overage: once in a billing period, however often it does. */
export async function announceLimits(
  tx: Transaction,
  customers: readonly CustomerUsage[],
  now: (customerPk: number) => number,
): Promise<void> {
  const reached = customers.filter(({ limitReachedSince }) => limitReachedSince !== null)
  if (reached.length === 0) return
  const rows = await tx.query<{ customer_pk: number }>(
    `select distinct w.customer_pk from unnest($1::bigint[], $2::timestamptz[]) as w(customer_pk, since)
     join outbound_event e on e.customer_pk = w.customer_pk and e.type = 'spend_limit.reached' and e.occurred_at >= w.since`,
    [
      arrayOf(reached.map(({ customerPk }) => customerPk)),
      arrayOf(reached.map(({ limitReachedSince }) => new Date(limitReachedSince as number).toISOString())),
    ],
  )
  const told = new Set(rows.map(({ customer_pk }) => customer_pk))
  announceEvents(
    tx,
    reached
      .filter(({ customerPk }) => !told.has(customerPk))
      .map(({ customerPk, spendLimit, limitReachedSince }) => ({
        customerPk,
        type: 'spend_limit.reached' as const,
        data: {
          limit: formatAmount(spendLimit ?? 0n),
          periodStart: new Date(limitReachedSince as number).toISOString(),
        },
        occurredAt: now(customerPk),
      })),
  )
}
