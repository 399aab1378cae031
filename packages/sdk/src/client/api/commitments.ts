import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const commitmentMethods = (request: Request) => ({
  /** Newest first, at most 100 a page; those that have ended too. */
  commitments: async (input: operations.CommitmentsQueryVariables) =>
    (await request(operations.CommitmentsDocument, input)).commitments,

  /**
   * Commits a customer over a term: to `credits` at a price each, granted for it and paid for at its end, drawn or not; or to
   * `money`, the least that is invoiced in it. Exactly one of the two. The invoice is charged to the payment method on file, else it
   * waits on its page.
   */
  createCommitment: async (input: operations.CreateCommitmentInput) =>
    (await request(operations.CreateCommitmentDocument, { input })).createCommitment,

  /** Ends it now and invoices the whole shortfall; one that has not begun is called off. CONFLICT for one that has ended. */
  cancelCommitment: async (input: operations.CancelCommitmentMutationVariables) =>
    (await request(operations.CancelCommitmentDocument, input)).cancelCommitment,
})
