import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const invoiceMethods = (request: Request) => ({
  /** Newest first, at most 100 a page. Amounts are in the invoice's `currency`, such as "29.00". */
  invoices: async (input: operations.InvoicesQueryVariables) =>
    (await request(operations.InvoicesDocument, input)).invoices,

  /**
   * The invoice of the running period's end if nothing more were used: status DRAFT, no number yet. Null: nothing would be
   * invoiced. CONFLICT for a subscription that is paused or has ended.
   */
  upcomingInvoice: async (subscriptionId: string) =>
    (await request(operations.UpcomingInvoiceDocument, { subscriptionId })).upcomingInvoice,
})
