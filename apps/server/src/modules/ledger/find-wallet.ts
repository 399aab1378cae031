import type { Transaction } from '../../platform/database.ts'
import { invalidInput, notFound } from '../../platform/errors.ts'
import { storedId } from '../../platform/ids.ts'
import type { Customer } from '../accounts/read-customer.ts'

/** A wallet of the customer's that holds the credit type. Throws NOT_FOUND, INVALID_INPUT. */
export async function findWallet(
  tx: Transaction,
  customer: Customer,
  creditTypePk: number,
  walletId: string,
  field = 'walletId',
): Promise<{ readonly id: string; readonly priority: number }> {
  const id = storedId('wal', walletId)
  const [wallet] = id
    ? await tx.query<{ id: string; priority: number; credit_type_pk: number }>(
        `select id, priority, credit_type_pk from wallet where id = $1 and customer_pk = $2`,
        [id, customer.pk],
      )
    : []
  if (!wallet) throw notFound('wallet', walletId, field)
  if (wallet.credit_type_pk !== creditTypePk) throw invalidInput(field, 'this wallet holds another credit type')
  return { id: wallet.id, priority: wallet.priority }
}
