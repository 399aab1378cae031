import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { Failure, Purpose, Where } from '../payments/purpose.ts'
import { markUnpaid } from './collect-commitment.ts'
import { readCommitment } from './read-commitments.ts'

type Settlement = Extract<Purpose, { kind: 'invoice' }>

/** The money for a commitment's invoice is on its way: no further attempt is made until it has come or failed. */
export async function waitForSettlement(tx: Transaction, { invoiceId }: Settlement): Promise<void> {
  await tx.query(`update commitment set due_at = null where invoice_id = $1`, [invoiceId])
}

/** The money did not come: the next attempt comes by the usual schedule, at once if it goes back. Answers the customer's version. */
export async function stopWaitingForSettlement(
  tx: Transaction,
  { invoiceId, at: attemptAt }: Settlement,
  { project, customerPk }: Where,
  settled: Failure | null,
): Promise<number> {
  const at = nowOf(project)
  const { version } = await withAccount(tx, customerPk, at, async (session) => {
    const [row] = await tx.query<{ id: string }>(`select id from commitment where invoice_id = $1 and due_at is null`, [
      invoiceId,
    ])
    const commitment = row && (await readCommitment(tx, row.id))
    if (!commitment?.openInvoiceId) return
    session.touch()
    if (settled) return markUnpaid(tx, commitment, { at, attemptAt: attemptAt ?? at, settled })
    tx.send(`update commitment set due_at = $2 where id = $1`, [commitment.id, new Date(at)])
  })
  return version
}

/** Has what is not paid tried with a method that it was not tried with before, behind the customer's lock. */
export async function settleAgain(tx: Transaction, { project, customerPk }: Where, methodId: string): Promise<void> {
  await tx.query(
    `update commitment m set due_at = $2 from invoice i where m.customer_pk = $1 and i.id = m.invoice_id
       and i.status = 'OPEN' and m.due_at > $2
       and not exists (select 1 from payment y where y.customer_pk = $1 and y.payment_method_id = $3
         and y.purpose->>'invoiceId' = i.id::text)`,
    [customerPk, new Date(nowOf(project)), methodId],
  )
}
