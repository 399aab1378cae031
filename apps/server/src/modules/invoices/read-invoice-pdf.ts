import type { Transaction } from '../../platform/database.ts'
import { readLogoFile } from '../accounts/read-brand.ts'
import type { Project } from '../accounts/viewer.ts'
import { invoiceToken, linkInvoice } from './link-invoice.ts'
import { printInvoice } from './print-invoice.ts'
import { readInvoicePage } from './read-invoice-page.ts'
import type { StoredInvoice } from './read-stored-invoice.ts'

/** An invoice's number and its PDF, drawn as it stands now. */
export async function readInvoicePdf(
  tx: Pick<Transaction, 'query'>,
  publicUrl: string,
  project: Project,
  stored: StoredInvoice,
): Promise<{ readonly number: string; readonly pdf: Buffer }> {
  const page = await readInvoicePage(tx, project, stored)
  const logo = page.brand.logo && (await readLogoFile(tx, project.id, page.brand.logo.hash))
  const { pageUrl } = linkInvoice(publicUrl, invoiceToken(project, stored.id))
  return { number: page.invoice.number, pdf: await printInvoice(page, pageUrl, logo?.bytes ?? null) }
}
