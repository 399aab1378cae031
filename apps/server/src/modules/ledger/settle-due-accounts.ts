import type { Database } from '../../platform/database.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import { withAccount } from './with-account.ts'

/** What time alone does next to an account: a hold runs out, a grant begins, or what is left of one ends. As `endOf` in core. */
const NEXT = `
  select min(at) as at from (
    select expires_at as at from hold where payer_pk = $1 and status = 'OPEN'
    union all select effective_at from "grant" where customer_pk = $1 and closed_at is null and not entered
    union all select expires_at from "grant"
      where customer_pk = $1 and closed_at is null and kind <> 'ALLOWANCE' and remaining > 0) next
  where at <= $2`

/** The earliest instant, up to the one given, at which time alone changes the customer's account; null: it does not. */
export async function readDueAccount(
  { database }: { database: Database },
  customerPk: number,
  until: number,
): Promise<number | null> {
  const [row] = await database.query<{ at: number | null }>(NEXT, [customerPk, new Date(until)])
  return row?.at ?? null
}

/** Writes down what time alone has done to a customer's account by an instant. */
export async function settleDueAccounts(
  { database, pubsub }: { database: Database; pubsub: Pubsub },
  customerPk: number,
  at: number,
): Promise<void> {
  const { version } = await database.transaction((tx) => withAccount(tx, customerPk, at, async () => {}))
  pubsub.publish([{ key: customerPk, version }])
}
