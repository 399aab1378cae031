import { pageToken } from '../accounts/page-token.ts'
import type { Project } from '../accounts/viewer.ts'

export interface InvoiceLinks {
  readonly pageUrl: string
  readonly pdfUrl: string
}

/** The token that stands in the addresses of an invoice's page and PDF. */
export function invoiceToken(project: Pick<Project, 'tokenSecret'>, invoiceId: string): string {
  return pageToken('invoice', project, invoiceId)
}

/** Where the customer sees and pays an invoice, and its PDF. */
export function linkInvoice(publicUrl: string, token: string): InvoiceLinks {
  const pageUrl = `${publicUrl}/invoices/${token}`
  return { pageUrl, pdfUrl: `${pageUrl}.pdf` }
}
