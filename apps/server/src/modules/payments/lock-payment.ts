import type { Money } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'

/** A payment as its refunds see it. */
export interface PaidPayment {
  readonly id: string
  readonly customerPk: number
  readonly status: 'PENDING' | 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDING' | 'REFUNDED'
  readonly paid: Money
  /** What was bought came to: what was paid, and the account credit that it used. */
  readonly worth: Money
  readonly refunded: Money
  /** What went back beyond what may. Minor units. */
  readonly overRefunded: bigint
  /** What of its credits refunds have taken back, or turned into a debt. Decimal as text. */
  readonly reversedCredits: string
  readonly invoiceId: string | null
}

interface Row extends Omit<PaidPayment, 'paid' | 'worth' | 'refunded' | 'overRefunded'> {
  amountMinor: number
  refundedMinor: number
  overRefundedMinor: number
  creditMinor: number
  currency: string
}

/** Locks a payment: refunds and disputes of it take turns. Lock it before its customer. */
export async function lockPayment(tx: Transaction, id: string): Promise<PaidPayment> {
  const [row] = await tx.query<Row>(
    `select y.id, y.customer_pk as "customerPk", y.status::text, y.amount_minor as "amountMinor", y.currency,
       y.refunded_minor as "refundedMinor", y.over_refunded_minor as "overRefundedMinor", y.reversed_credits::text as "reversedCredits",
       y.outcome->>'invoiceId' as "invoiceId", coalesce(i.credit_minor, 0) as "creditMinor"
     from payment y left join invoice i on i.id = (y.outcome->>'invoiceId')::uuid
     where y.id = $1 for update of y`,
    [id],
  )
  if (!row) throw new Error(`payment ${id} is missing`)
  const { amountMinor, refundedMinor, overRefundedMinor, creditMinor, currency, ...payment } = row
  return {
    ...payment,
    paid: { minor: BigInt(amountMinor), currency },
    worth: { minor: BigInt(amountMinor) + BigInt(creditMinor), currency },
    refunded: { minor: BigInt(refundedMinor), currency },
    overRefunded: BigInt(overRefundedMinor),
  }
}
