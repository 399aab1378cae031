import { formatMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import { announceEvent, type EventType } from '../events/announce-event.ts'
import type { StoredInvoice } from './read-stored-invoice.ts'

type Told = Pick<StoredInvoice, 'id' | 'customerPk' | 'subscriptionId' | 'status' | 'currency'> & {
  readonly totalMinor: number | bigint
  readonly amountDueMinor: number | bigint
}

/** Tells what has become of an invoice, at an instant of the project's time. */
export function announceInvoice(
  tx: Transaction,
  type: Extract<EventType, `invoice.${string}`>,
  { id, customerPk, subscriptionId, status, currency, totalMinor, amountDueMinor }: Told,
  at: number,
  more: Readonly<Record<string, unknown>> = {},
): void {
  announceEvent(tx, {
    customerPk,
    type,
    occurredAt: at,
    data: {
      invoiceId: publicId('inv', id),
      subscriptionId: subscriptionId && publicId('sub', subscriptionId),
      status,
      currency,
      total: formatMoney({ minor: BigInt(totalMinor), currency }),
      amountDue: formatMoney({ minor: BigInt(amountDueMinor), currency }),
      ...more,
    },
  })
}
