import { nowOf } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import type { InvoiceDeps } from './deps.ts'
import { endInvoice } from './end-invoice.ts'
import { findInvoice } from './find-invoice.ts'
import { type InvoiceView, readInvoice } from './read-invoices.ts'
import { readStoredInvoice } from './read-stored-invoice.ts'

/**
 * Ends an open invoice that nobody is going to pay. VOID: it should not have been. UNCOLLECTIBLE: it is owed, and given up.
 * Account credit that it used comes back. Asking for the same again changes nothing. Throws NOT_FOUND, CONFLICT.
 */
export async function closeInvoice(
  deps: InvoiceDeps,
  project: Project,
  invoiceId: string,
  status: 'VOID' | 'UNCOLLECTIBLE',
): Promise<InvoiceView> {
  const { id, customerPk } = await findInvoice(deps.database, project, invoiceId)
  const { version } = await deps.database.transaction((tx) =>
    withAccount(tx, customerPk, nowOf(project), async (session) => {
      const invoice = await readStoredInvoice(tx, id, 'for update')
      if (invoice.status === status) return
      if (invoice.status !== 'OPEN') {
        const remedy = invoice.status === 'PAID' ? ': take it back with a credit note' : ''
        throw new Fault(
          'CONFLICT',
          `the invoice ${invoice.number} is ${invoice.status.toLowerCase()}${remedy}`,
          'invoiceId',
        )
      }
      session.touch()
      endInvoice(tx, invoice, status, nowOf(project))
      await deps.invoiceClosed(tx, session, invoice, 'WAIVED')
    }),
  )
  deps.pubsub.publish([{ key: customerPk, version }])
  return (await readInvoice(deps.database, id)) as InvoiceView
}
