import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

/** The card that is charged off session, as a person may see it. */
export interface PaymentMethod {
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
}

/** The customer at the payment provider. */
export interface PaymentProfile {
  readonly customerPk: number
  readonly providerCustomerId: string
  readonly paymentMethodId: string | null
  readonly method: PaymentMethod | null
}

interface Row {
  customer_pk: number
  provider_customer_id: string
  payment_method_id: string | null
  brand: string | null
  last4: string | null
  exp_month: number | null
  exp_year: number | null
}

const PROFILES: Statement = {
  name: 'payment-profiles',
  text: `select customer_pk, provider_customer_id, payment_method_id, brand, last4, exp_month, exp_year
         from payment_profile where customer_pk = any($1::bigint[])`,
}

export async function readPaymentProfiles(
  tx: Pick<Transaction, 'query'>,
  customerPks: readonly number[],
): Promise<Map<number, PaymentProfile>> {
  const rows = await tx.query<Row>(PROFILES, [arrayOf(customerPks)])
  return new Map(rows.map((row) => [row.customer_pk, toProfile(row)]))
}

function toProfile(row: Row): PaymentProfile {
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = row
  const complete = brand !== null && last4 !== null && expMonth !== null && expYear !== null
  return {
    customerPk: row.customer_pk,
    providerCustomerId: row.provider_customer_id,
    paymentMethodId: row.payment_method_id,
    method: complete ? { brand, last4, expMonth, expYear } : null,
  }
}
