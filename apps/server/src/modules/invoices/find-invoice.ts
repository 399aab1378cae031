import type { Transaction } from '../../platform/database.ts'
import { notFound } from '../../platform/errors.ts'
import { storedId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { readStoredInvoice, type StoredInvoice } from './read-stored-invoice.ts'

/** The project's invoice of that id, as commands see it. Throws NOT_FOUND. */
export async function findInvoice(
  tx: Pick<Transaction, 'query'>,
  project: Project,
  publicId: string,
): Promise<StoredInvoice> {
  const id = storedId('inv', publicId)
  const [found] = id
    ? await tx.query<{ id: string }>(`select id from invoice where id = $1 and project_id = $2`, [id, project.id])
    : []
  if (!found) throw notFound('invoice', publicId, 'invoiceId')
  return readStoredInvoice(tx, found.id)
}
