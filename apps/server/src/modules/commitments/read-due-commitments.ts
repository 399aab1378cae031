import type { Transaction } from '../../platform/database.ts'

/** When the next thing is due of a customer's commitments, at or before an instant; null: nothing is. */
export async function readDueCommitments(
  tx: Pick<Transaction, 'query'>,
  customerPk: number,
  until: number,
): Promise<number | null> {
  return (await readNextDue(tx, customerPk, until))?.dueAt ?? null
}

/** The commitment that is due first, of those that are due at or before an instant. */
export async function readNextDue(
  tx: Pick<Transaction, 'query'>,
  customerPk: number,
  until: number,
): Promise<{ readonly id: string; readonly dueAt: number } | null> {
  const [next] = await tx.query<{ id: string; dueAt: number }>(
    `select id, due_at as "dueAt" from commitment where customer_pk = $1 and due_at <= $2 order by due_at, id limit 1`,
    [customerPk, new Date(until)],
  )
  return next ?? null
}
