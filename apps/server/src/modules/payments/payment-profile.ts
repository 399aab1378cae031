import type { Database, Transaction } from '../../platform/database.ts'
import type { PaymentProvider, ProviderCard } from './provider.ts'
import { type PaymentProfile, readPaymentProfiles } from './read-payment-profile.ts'

/** The customer at the provider, created on first use. Two callers at once make one. */
export async function ensureProfile(
  { database }: { database: Database },
  provider: PaymentProvider,
  customerPk: number,
): Promise<PaymentProfile> {
  const known = (await readPaymentProfiles(database, [customerPk])).get(customerPk)
  if (known) return known
  const [customer] = await database.query<{ email: string | null; name: string | null; project_id: string }>(
    `select email, name, project_id from customer where pk = $1`,
    [customerPk],
  )
  if (!customer) throw new Error(`customer ${customerPk} is missing`)
  const reference = `${customer.project_id}_${customerPk}`
  const { email, name } = customer
  const providerCustomerId = await provider.createCustomer({ reference, email, name })
  await database.query(
    `insert into payment_profile (customer_pk, provider_customer_id) values ($1, $2) on conflict do nothing`,
    [customerPk, providerCustomerId],
  )
  const profile = (await readPaymentProfiles(database, [customerPk])).get(customerPk)
  if (!profile) throw new Error(`customer ${customerPk} has no payment profile after it was written`)
  return profile
}

/** Makes the card the one that is charged from now on. */
export async function saveCard(tx: Transaction, customerPk: number, card: ProviderCard): Promise<void> {
  await tx.query(
    `update payment_profile set payment_method_id = $2, brand = $3, last4 = $4, exp_month = $5, exp_year = $6
     where customer_pk = $1`,
    [customerPk, card.id, card.brand, card.last4, card.expMonth, card.expYear],
  )
}
