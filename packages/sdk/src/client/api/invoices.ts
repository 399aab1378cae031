import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const invoiceMethods = (request: Request) => ({
  /** Newest first, at most 100 a page. Amounts are in the invoice's `currency`, such as "29.00". */
  invoices: async (input: operations.InvoicesQueryVariables) =>
    (await request(operations.InvoicesDocument, input)).invoices,

  /**
   * The invoice of the running period's end if nothing more were used: status DRAFT, no number yet. Null: nothing would be
   * invoiced. The period's end is carried out and taken back (docs/decisions/0009). CONFLICT for a subscription that is
   * paused or has ended.
   */
  upcomingInvoice: async (subscriptionId: string) =>
    (await request(operations.UpcomingInvoiceDocument, { subscriptionId })).upcomingInvoice,

  /**
   * Takes back a part of an invoice, `amount` in its currency with tax included, or all that is left of it: off what is
   * due, else as account credit, which the next invoices use first. All notes of an invoice together never pass its total:
   * INVALID_INPUT on `amount`, or CONFLICT when nothing is left. The customer reads the `reason`.
   */
  createCreditNote: async (input: operations.CreditNoteInput) =>
    (await request(operations.CreateCreditNoteDocument, { input })).createCreditNote,

  /**
   * Ends an open invoice that should not have been; account credit that it used comes back. Again, it changes nothing.
   * CONFLICT for one that is not open: what is paid is taken back by a credit note.
   */
  voidInvoice: async (invoiceId: string) => (await request(operations.VoidInvoiceDocument, { invoiceId })).voidInvoice,

  /**
   * Gives up an open invoice that is owed: nobody tries to collect it any more, and its `amountDue` stays. Again, it
   * changes nothing. CONFLICT for one that is not open.
   */
  markInvoiceUncollectible: async (invoiceId: string) =>
    (await request(operations.MarkInvoiceUncollectibleDocument, { invoiceId })).markInvoiceUncollectible,
})
