import type { Transaction } from '../../platform/database.ts'
import { announceInvoice } from '../invoices/announce-invoice.ts'
import { readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import type { Settled } from './settle-payment.ts'

export interface Decline {
  readonly invoiceId: string
  /** What became of the payment; null: there was nothing to charge. */
  readonly settled: Settled | null
  /** From 1. */
  readonly attempt: number
  readonly nextAttemptAt: number | null
}

/** Tells that an invoice could not be collected, why, and when it is tried again: one event for each attempt. */
export async function announceDecline(
  tx: Transaction,
  { invoiceId, settled, attempt, nextAttemptAt }: Decline,
  at: number,
): Promise<void> {
  const why =
    settled?.kind === 'failed' ? settled : { code: 'no_payment_method', message: 'there is no payment method on file' }
  announceInvoice(tx, 'invoice.payment_failed', await readStoredInvoice(tx, invoiceId), at, {
    attempt,
    code: why.code,
    message: why.message,
    nextAttemptAt: nextAttemptAt === null ? null : new Date(nextAttemptAt).toISOString(),
  })
}
