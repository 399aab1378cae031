import type { Database, Transaction } from '../../platform/database.ts'
import { lockCustomer } from './lock-customer.ts'
import type { PaymentProvider } from './provider.ts'
import type { CustomerDetails } from './provider-customers.ts'
import { type PaymentProfile, readPaymentProfiles } from './read-payment-profile.ts'

/** A profile whose customer is there at the provider. */
export interface LiveProfile extends PaymentProfile {
  readonly providerCustomerId: string
}

/**
 * The customer at the account that the provider's key is for, created on first use. Two callers at once make one. A profile at
 * another account is left as it is: its customer and its methods are unknown here.
 */
export async function ensureProfile(
  { database }: { database: Database },
  provider: PaymentProvider,
  customerPk: number,
): Promise<LiveProfile> {
  const known = await activeProfile(database, await provider.account(), customerPk)
  if (known?.providerCustomerId) return known as LiveProfile
  const account = (await provider.account()) ?? known?.account ?? ''
  const details = await readDetails(database, customerPk, account)
  const providerCustomerId = await provider.createCustomer(details)
  await database.transaction(async (tx) => {
    // Of two indexes that both refuse a second row, the insert waits for one only.
    await lockCustomer(tx, customerPk)
    await tx.query(`update payment_profile set active = false where customer_pk = $1 and account <> $2 and active`, [
      customerPk,
      account,
    ])
    await tx.query(
      `insert into payment_profile (customer_pk, account, provider_customer_id) values ($1, $2, $3)
       on conflict (customer_pk, account) do update set active = true,
         provider_customer_id = coalesce(payment_profile.provider_customer_id, excluded.provider_customer_id)`,
      [customerPk, account, providerCustomerId],
    )
  })
  const profile = (await readPaymentProfiles(database, [customerPk])).get(customerPk)
  if (!profile?.providerCustomerId)
    throw new Error(`customer ${customerPk} has no payment profile after it was written`)
  return profile as LiveProfile
}

/** The profile that is active, if it is of the account: one that doesn't say yet is of the first account that is seen. */
async function activeProfile(database: Database, account: string | null, customerPk: number) {
  const known = (await readPaymentProfiles(database, [customerPk])).get(customerPk)
  if (!known || account === null || known.account === account) return known
  await database.transaction((tx) => switchAccount(tx, account, [customerPk]))
  return (await readPaymentProfiles(database, [customerPk])).get(customerPk)
}

/** Makes the profiles at an account those that are charged, and lets those at other accounts be. */
export async function switchAccount(tx: Transaction, account: string, customerPks: readonly number[]): Promise<void> {
  const pks = [account, customerPks]
  await tx.query(`update payment_method set account = $1 where account = '' and customer_pk = any($2::bigint[])`, pks)
  await tx.query(
    `update payment_profile p set account = $1 where account = '' and customer_pk = any($2::bigint[])
       and not exists (select 1 from payment_profile o where o.customer_pk = p.customer_pk and o.account = $1)`,
    pks,
  )
  await tx.query(
    `update payment_profile set active = false where account <> $1 and active and customer_pk = any($2::bigint[])`,
    pks,
  )
  await tx.query(
    `update payment_profile set active = true where account = $1 and not active and customer_pk = any($2::bigint[])`,
    pks,
  )
}

/** What the provider is to know of a customer. One who is made anew has another reference: the old one is answered by its key. */
export async function readDetails(
  tx: Pick<Transaction, 'query'>,
  customerPk: number,
  account: string,
): Promise<CustomerDetails> {
  const [customer] = await tx.query<CustomerDetails & { generation: number | null }>(
    `select c.email, c.name, c.project_id || '_' || c.pk as reference, p.generation
     from customer c left join payment_profile p on p.customer_pk = c.pk and p.account = $2 where c.pk = $1`,
    [customerPk, account],
  )
  if (!customer) throw new Error(`customer ${customerPk} is missing`)
  const { email, name, reference, generation } = customer
  return { email, name, reference: generation ? `${reference}_${generation}` : reference }
}

/** The customer is called otherwise by now: the provider is told by a job, and not inside a transaction. */
export function markUntold(tx: Transaction, customerPk: number): void {
  tx.send(`update payment_profile set told = false where customer_pk = $1 and active`, [customerPk])
}
