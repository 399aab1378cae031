import { formatAmount, settleDebts as settleDebtsOf } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import { announceEvent } from '../events/announce-event.ts'
import type { AccountSession } from './with-account.ts'

/** Lets a grant that was paid for settle what the customer owes of its credit type, the oldest debt first. */
export async function settleDebts(
  tx: Transaction,
  session: AccountSession,
  { customerPk, grantId, now }: { customerPk: number; grantId: string; now: number },
): Promise<void> {
  const owing = session.account.grants.filter(({ owed }) => owed > 0n)
  if (owing.length === 0) return
  const rows = await tx.query<{ id: string; payment_id: string; credit_type: string }>(
    `select g.id, g.payment_id, t.code as credit_type from "grant" g join credit_type t on t.pk = g.credit_type_pk
     where g.id = any($1::uuid[])`,
    [owing.map(({ id }) => id)],
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  const paymentOf = (id: string) => known.get(id)?.payment_id as string
  const change = settleDebtsOf(session.account, grantId, now, ({ id }) => ({
    type: 'payment',
    id: paymentOf(id),
    detail: { settles: 'debt', grantId: publicId('gr', id) },
  }))
  session.apply(change)
  for (const { grantId: owes, amount } of change.settled) {
    announceEvent(tx, {
      customerPk,
      type: 'debt.settled',
      data: {
        creditType: known.get(owes)?.credit_type,
        credits: formatAmount(amount),
        grantId: publicId('gr', owes),
        paymentId: publicId('pay', paymentOf(owes)),
        settledBy: publicId('gr', grantId),
      },
      occurredAt: now,
    })
  }
}
