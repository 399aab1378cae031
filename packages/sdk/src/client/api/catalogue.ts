import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

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

  /** The same content again changes nothing; other content makes the next version. */
  publishRateCard: async (input: operations.RateCardInput) =>
    (await request(operations.PublishRateCardDocument, { input })).publishRateCard,
})
