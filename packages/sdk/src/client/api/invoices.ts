import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const invoiceMethods = (request: Request) => ({
  /** Newest first, at most 100 a page. */
  invoices: async (input: operations.InvoicesQueryVariables) =>
    (await request(operations.InvoicesDocument, input)).invoices,
})
