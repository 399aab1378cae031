import type { Transaction } from '../../platform/database.ts'
import { METHOD_COLUMNS, type PaymentMethod } from './read-payment-profile.ts'

/** What a customer may be charged with, the default first, then the newest. */
export async function readPaymentMethods(
  tx: Pick<Transaction, 'query'>,
  customerPk: number,
): Promise<readonly PaymentMethod[]> {
  return tx.query<PaymentMethod>(
    `select ${METHOD_COLUMNS}, m.id is not distinct from p.payment_method_id as "isDefault"
     from payment_profile p join payment_method m on m.customer_pk = p.customer_pk and m.account = p.account
     where p.customer_pk = $1 and p.active and m.removed_at is null
     order by m.id is not distinct from p.payment_method_id desc, m.created_at desc, m.id`,
    [customerPk],
  )
}
