import { formatMoney, type Money } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import { announceEvent, type EventType } from '../events/announce-event.ts'
import type { PaidPayment } from './lock-payment.ts'
import type { ProviderDispute, ProviderRefund } from './provider-reversals.ts'

/** What the provider says that is new here. `was` is null for what nobody had heard of. */
export interface News<Told> {
  readonly id: string
  readonly was: string | null
  readonly told: Told
}

export interface ReversalNews {
  readonly refunds: readonly News<ProviderRefund>[]
  readonly disputes: readonly News<ProviderDispute>[]
  /** What went back in all by now, and what of it is beyond what may. */
  readonly refunded: Money
  readonly over: bigint
}

/** Tells the project's endpoints what became of refunds and disputes of a payment, in the transaction that writes it. */
export function announceReversals(tx: Transaction, payment: PaidPayment, news: ReversalNews, occurredAt: number): void {
  const { currency } = payment.paid
  const tell = (type: EventType, amount: Money, more: object) => {
    const data = { ...more, paymentId: publicId('pay', payment.id), amount: formatMoney(amount), currency }
    announceEvent(tx, { customerPk: payment.customerPk, type, data, occurredAt })
  }
  const refunded = formatMoney(news.refunded)
  for (const { id, was, told } of news.refunds) {
    const more = { refundId: publicId('ref', id), reason: told.reason, refunded }
    if (told.status === 'SUCCEEDED' && was !== 'SUCCEEDED') tell('payment.refunded', told.amount, more)
    if (told.status === 'FAILED' && was !== 'FAILED') {
      tell('payment.refund_failed', told.amount, { ...more, failure: told.failure })
    }
  }
  for (const { id, was, told } of news.disputes) {
    const more = { disputeId: publicId('dsp', id), reason: told.reason, refunded }
    if (was === null) tell('payment.disputed', told.amount, more)
    if (told.status === 'WON') tell('payment.dispute_won', told.amount, more)
    if (told.status === 'LOST') tell('payment.dispute_lost', told.amount, more)
  }
  if (news.over > payment.overRefunded) {
    const invoiceId = payment.invoiceId && publicId('inv', payment.invoiceId)
    tell('payment.over_refunded', { minor: news.over, currency }, { invoiceId, refunded })
  }
}
