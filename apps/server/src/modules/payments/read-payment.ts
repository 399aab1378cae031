import type { Transaction } from '../../platform/database.ts'
import type { Outcome, Purpose } from './purpose.ts'
import type { PaymentMethodType } from './read-payment-profile.ts'

/** A payment as it is stored. */
export interface PaymentRow {
  id: string
  customer_pk: number
  status: 'PENDING' | 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDING' | 'REFUNDED'
  amount_minor: number
  currency: string
  purpose: Purpose
  outcome: Outcome | null
  description: string
  payment_method_id: string | null
  /** Null: a method that Florin does not know. */
  method_type: PaymentMethodType | null
  /** Where it is saved. */
  method_account: string | null
  checkout_session_id: string | null
  provider_payment_id: string | null
  provider_customer_id: string | null
  account: string | null
  first_asked_at: number | null
  failure_code: string | null
  failure_message: string | null
}

const COLUMNS = `y.id, y.customer_pk, y.status::text, y.amount_minor, y.currency, y.purpose, y.outcome, y.description,
  y.payment_method_id, m.type::text as method_type, m.account as method_account, y.checkout_session_id,
  y.provider_payment_id, y.provider_customer_id, y.account, y.first_asked_at, y.failure_code, y.failure_message`

export async function readPayment(
  tx: Pick<Transaction, 'query'>,
  paymentId: string,
  lock: '' | 'for update of y' = '',
): Promise<PaymentRow> {
  // Who settles a checkout locks it before its payment, and so must who comes by the payment.
  if (lock) {
    await tx.query(
      `select 1 from checkout_session where id = (select checkout_session_id from payment where id = $1) for update`,
      [paymentId],
    )
  }
  const [row] = await tx.query<PaymentRow>(
    `select ${COLUMNS} from payment y
     left join payment_method m on m.customer_pk = y.customer_pk and m.provider_method_id = y.payment_method_id
     where y.id = $1 ${lock}`,
    [paymentId],
  )
  if (!row) throw new Error(`payment ${paymentId} is missing`)
  return row
}
