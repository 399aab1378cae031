import type { Money } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'

/** A payment as its refunds see it. */
export interface PaidPayment {
  readonly id: string
  readonly customerPk: number
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDING' | 'REFUNDED'
  readonly paid: Money
  readonly refunded: Money
  /** What of its credits refunds have taken back, or turned into a debt. Decimal as text. */
  readonly reversedCredits: string
  readonly invoiceId: string | null
}

interface Row extends Omit<PaidPayment, 'paid' | 'refunded'> {
  amountMinor: number
  refundedMinor: number
  currency: string
}

/** Locks a payment: refunds and disputes of it take turns. Lock it before its customer. */
export async function lockPayment(tx: Transaction, id: string): Promise<PaidPayment> {
  const [row] = await tx.query<Row>(
    `select id, customer_pk as "customerPk", status::text, amount_minor as "amountMinor", currency,
       refunded_minor as "refundedMinor", reversed_credits::text as "reversedCredits", outcome->>'invoiceId' as "invoiceId"
     from payment where id = $1 for update`,
    [id],
  )
  if (!row) throw new Error(`payment ${id} is missing`)
  const { amountMinor, refundedMinor, currency, ...payment } = row
  return {
    ...payment,
    paid: { minor: BigInt(amountMinor), currency },
    refunded: { minor: BigInt(refundedMinor), currency },
  }
}
