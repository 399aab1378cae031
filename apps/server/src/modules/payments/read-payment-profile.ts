import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

export type PaymentMethodType = 'CARD' | 'SEPA_DEBIT'

/** A saved card or bank account, as a person may see it. */
export interface PaymentMethod {
  readonly id: string
  /** What the provider calls it. */
  readonly providerId: string
  readonly type: PaymentMethodType
  readonly brand: string
  readonly last4: string
  /** 0 for what does not expire. */
  readonly expMonth: number
  readonly expYear: number
  /** Whether it is what is charged off session. */
  readonly isDefault: boolean
}

/** The customer at the payment provider's account that the project is paid at now. */
export interface PaymentProfile {
  readonly customerPk: number
  /** The account and its mode; empty: not known yet. */
  readonly account: string
  /** Null: the provider has lost the customer. */
  readonly providerCustomerId: string | null
  /** What is charged off session. */
  readonly method: PaymentMethod | null
}

export const METHOD_COLUMNS = `m.id, m.provider_method_id as "providerId", m.type::text, m.brand, m.last4,
  m.exp_month as "expMonth", m.exp_year as "expYear"`

type Row = Omit<PaymentProfile, 'method'> & Omit<PaymentMethod, 'id' | 'isDefault'> & { id: string | null }

const PROFILES: Statement = {
  name: 'payment-profiles',
  text: `select p.customer_pk as "customerPk", p.account, p.provider_customer_id as "providerCustomerId", ${METHOD_COLUMNS}
         from payment_profile p left join payment_method m on m.id = p.payment_method_id
         where p.active and p.customer_pk = any($1::bigint[])`,
}

export async function readPaymentProfiles(
  tx: Pick<Transaction, 'query'>,
  customerPks: readonly number[],
): Promise<Map<number, PaymentProfile>> {
  const rows = await tx.query<Row>(PROFILES, [arrayOf(customerPks)])
  return new Map(rows.map((row) => [row.customerPk, toProfile(row)]))
}

function toProfile({ customerPk, account, providerCustomerId, id, ...method }: Row): PaymentProfile {
  return {
    customerPk,
    account,
    providerCustomerId,
    method: id === null ? null : { id, ...method, isDefault: true },
  }
}

/** What a customer's charge in a currency is made with; null: there is nothing on file for it. */
export function chargeable(profile: PaymentProfile | undefined, currency: string): PaymentMethod | null {
  const method = profile?.method ?? null
  return method?.type === 'SEPA_DEBIT' && currency !== 'EUR' ? null : method
}
