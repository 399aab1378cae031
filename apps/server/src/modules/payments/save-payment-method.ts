import { realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { ProviderMethod } from './provider-checkouts.ts'
import { readPaymentProfiles } from './read-payment-profile.ts'

/** The most methods that a customer keeps. */
export const MOST_METHODS = 10

/**
 * Keeps a method that the provider has saved, behind the customer's lock. The same card saved again takes the place of the one
 * before: what is new of it (its expiry, its mandate) is what is charged from now on.
 *
 * @returns whether it is what is charged from now on.
 */
export async function savePaymentMethod(
  tx: Transaction,
  customerPk: number,
  method: ProviderMethod,
  makeDefault: boolean,
): Promise<boolean> {
  const profile = (await readPaymentProfiles(tx, [customerPk])).get(customerPk)
  if (!profile) throw new Error(`customer ${customerPk} saves a method and has no payment profile`)
  const { account, method: before } = profile
  const replaced = await tx.query<{ id: string }>(
    `update payment_method set removed_at = $5
     where customer_pk = $1 and account = $2 and fingerprint = $3 and provider_method_id <> $4 and removed_at is null
     returning id`,
    [customerPk, account, method.fingerprint, method.providerId, new Date(realNow())],
  )
  const [saved] = await tx.query<{ id: string }>(
    `insert into payment_method (id, customer_pk, account, provider_method_id, type, brand, last4, exp_month, exp_year, fingerprint)
     values ($1, $2, $3, $4, $5::payment_method_type, $6, $7, $8, $9, $10)
     on conflict (customer_pk, provider_method_id) do update set removed_at = null, detached_at = null, brand = $6,
       last4 = $7, exp_month = $8, exp_year = $9, fingerprint = $10
     returning id`,
    [
      newId(),
      customerPk,
      account,
      method.providerId,
      method.type,
      method.brand,
      method.last4,
      method.expMonth,
      method.expYear,
      method.fingerprint,
    ],
  )
  const isDefault = makeDefault || before === null || replaced.some(({ id }) => id === before.id)
  if (isDefault) {
    await tx.query(`update payment_profile set payment_method_id = $2 where customer_pk = $1 and active`, [
      customerPk,
      saved?.id,
    ])
  }
  return isDefault
}
