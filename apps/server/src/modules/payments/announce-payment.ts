import { formatMoney, type Money } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import { announceEvent, type EventType } from '../events/announce-event.ts'
import type { Purpose } from './purpose.ts'

/** A payment as it is told. */
export interface ToldPayment {
  readonly id: string
  readonly customerPk: number
  readonly amount: Money
  readonly purpose: Purpose
}

/** Tells what has become of a payment, at an instant of the project's time; of a renewal's: when it was due. */
export function announcePayment(
  tx: Transaction,
  type: Extract<EventType, `payment.${string}`>,
  { id, customerPk, amount, purpose }: ToldPayment,
  at: number,
  more: Readonly<Record<string, unknown>> = {},
): void {
  announceEvent(tx, {
    customerPk,
    type,
    occurredAt: (purpose.kind === 'renewal' ? purpose.at : undefined) ?? at,
    data: {
      paymentId: publicId('pay', id),
      amount: formatMoney(amount),
      currency: amount.currency,
      purpose: purpose.kind,
      ...more,
    },
  })
}
