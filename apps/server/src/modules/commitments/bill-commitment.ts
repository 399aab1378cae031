import { formatAmount, formatMoney, progressOf, settleCommitment } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { announceEvent } from '../events/announce-event.ts'
import { type IssuedInvoice, issueInvoice } from '../invoices/issue-invoice.ts'
import { type StoredCommitment, termsOf } from './read-commitments.ts'

/** What became of a commitment: credits, or minor units of money. */
export interface Settlement {
  readonly drawn: bigint
  readonly shortfall: bigint
  readonly invoice: IssuedInvoice | null
}

/**
 * Invoices a commitment whose term ends at the instant, as the caller has read it under the customer's lock. No invoice
 * where there is nothing to pay for.
 */
export async function billCommitment(
  tx: Transaction,
  project: Project,
  commitment: StoredCommitment,
  at: number,
): Promise<Settlement> {
  const { customerPk, currency, startsAt } = commitment
  const terms = termsOf(commitment)
  const term = { start: startsAt, end: at }
  const { drawn, left } = progressOf(terms, term, at)
  const invoice = await issueInvoice(tx, project, {
    customerPk,
    subscriptionId: null,
    currency,
    lines: settleCommitment(terms),
    period: term,
    issuedAt: at,
    paid: null,
    collect: 'LATER',
  })
  return { drawn, shortfall: left, invoice }
}

/** Writes down that a commitment has ended, once and for all; its invoice, if it is open, is due at once. */
export function writeSettlement(
  tx: Transaction,
  commitment: StoredCommitment,
  { drawn, shortfall, invoice }: Settlement,
  end: { readonly at: number; readonly how: 'ENDED' | 'CANCELED' },
): void {
  const { id, customerPk, kind, name, currency, committed, startsAt, endsAt } = commitment
  const stored = (amount: bigint) => (kind === 'CREDITS' ? formatAmount(amount) : amount)
  const shown = (amount: bigint) =>
    kind === 'CREDITS' ? formatAmount(amount) : formatMoney({ minor: amount, currency })
  const at = new Date(end.at)
  tx.send(
    `update commitment set settled_at = $2, ends_at = $3, canceled_at = $4, drawn = $5, shortfall = $6, invoice_id = $7,
       due_at = $8 where id = $1`,
    [
      id,
      at,
      // A cancelled term ends early; one that has not begun never had one.
      end.how === 'CANCELED' && startsAt <= end.at ? at : new Date(endsAt),
      end.how === 'CANCELED' ? at : null,
      stored(drawn),
      stored(shortfall),
      invoice?.id ?? null,
      invoice?.status === 'OPEN' ? at : null,
    ],
  )
  announceEvent(tx, {
    customerPk,
    type: 'commitment.ended',
    data: {
      id: publicId('com', id),
      name,
      kind,
      currency,
      status: end.how,
      committed: kind === 'CREDITS' ? committed : shown(BigInt(committed)),
      drawn: shown(drawn),
      shortfall: shown(shortfall),
      invoiceId: invoice && publicId('inv', invoice.id),
    },
    occurredAt: end.at,
  })
}
