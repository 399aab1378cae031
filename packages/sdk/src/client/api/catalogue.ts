import * as operations from '../../generated/operations.ts'
import type { Request, RequestOptions } from '../transport.ts'

export const catalogueMethods = (request: Request) => ({
  rateCards: async () => (await request(operations.RateCardsDocument, {})).rateCards,

  /** The newest version unless one is named; null if there is no such card. */
  rateCard: async (code: string, options: { version?: number } = {}) =>
    (await request(operations.RateCardDocument, { code, ...options })).rateCard,

  /** Says what should be true: the same again changes nothing. */
  defineMeter: async (input: operations.MeterInput) =>
    (await request(operations.DefineMeterDocument, { input })).defineMeter,

  defineCreditType: async (input: operations.CreditTypeInput) =>
    (await request(operations.DefineCreditTypeDocument, { input })).defineCreditType,

  /**
   * The same content again changes nothing; other content makes the next version. `migrate` says when subscribers of older
   * versions move to it: AT_RENEWAL unless it is NOW or NEVER. NOW answers when all have moved, so give many of them a
   * `timeoutMs`; what a lost answer leaves undone is done all the same. INVALID_INPUT on `currency` for another one than
   * before, on `migrate` for NOW with another interval.
   */
  publishRateCard: async (input: operations.RateCardInput, options: RequestOptions = {}) =>
    (await request(operations.PublishRateCardDocument, { input }, options)).publishRateCard,

  /**
   * Whom `publishRateCard` would move with the same input, and by how much, without publishing it: sums over all of them
   * and `moves` by the page, at most 100 each. Money is the fixed rates of one period, without tax.
   */
  previewRateCardMigration: async (
    input: operations.RateCardInput,
    page: Omit<operations.PreviewRateCardMigrationQueryVariables, 'input'> = {},
  ) => (await request(operations.PreviewRateCardMigrationDocument, { input, ...page })).previewRateCardMigration,
})
