import * as operations from '../../generated/operations.ts'
import type { AskedChange, AskedUsage } from '../billing-session.ts'
import { type Asked, type CustomerRequest, ownOf } from './customer-request.ts'

export const readingMethods = (asked: CustomerRequest) => {
  const { request } = asked
  const own = ownOf(asked)
  return {
    /** What the customer has and may do now. `useBillingState()` has it live. */
    billingState: async () => (await request(operations.BillingStateDocument, await own({}))).billingState,

    /** Would this usage be allowed now? `usePaywall()` has it live. */
    check: async (usage: AskedUsage) => (await request(operations.CheckDocument, await own(usage))).check,

    /** The public cards. */
    rateCards: async () => (await request(operations.RateCardsDocument, {})).rateCards,

    /** The newest version unless one is named; null if there is no such public card. */
    rateCard: async (code: string, options: { version?: number } = {}) =>
      (await request(operations.RateCardDocument, { code, ...options })).rateCard,

    /** What `changeRateCard` would do with the same input, in money and in credits, without doing it. */
    previewRateCardChange: async (input: AskedChange) =>
      (await request(operations.PreviewRateCardChangeDocument, { input })).previewRateCardChange,

    /** The invoice of the running period's end if nothing more were used; null: nothing would be invoiced. */
    upcomingInvoice: async (subscriptionId: string) =>
      (await request(operations.UpcomingInvoiceDocument, { subscriptionId })).upcomingInvoice,

    /** What a meter counted by hour, day or month of the customer's time zone, empty buckets included. */
    usage: async (input: Asked<operations.UsageQueryVariables>) =>
      (await request(operations.UsageDocument, await own(input))).usage,

    /** What each meter counted between two instants, also those that no card rates any more; the dearest first. */
    usageTotals: async (span: Asked<operations.UsageTotalsQueryVariables>) =>
      (await request(operations.UsageTotalsDocument, await own(span))).usageTotals,

    /** What the limits of each automatic top-up count in the running month. */
    topUpMonths: async () => (await request(operations.TopUpMonthsDocument, await own({}))).topUpMonths,

    /** What could be spent at a moment of the past. */
    balanceAt: async (input: Asked<operations.BalanceAtQueryVariables>) =>
      (await request(operations.BalanceAtDocument, await own(input))).balanceAt,

    /** The grants and the entries that made a balance at a moment, each with its cause in a sentence. */
    explainBalance: async (input: Asked<operations.ExplainBalanceQueryVariables>) =>
      (await request(operations.ExplainBalanceDocument, await own(input))).explainBalance,

    /** Whom the customer's next invoices are for: name, e-mail, address, tax id. */
    billingDetails: async () => (await request(operations.BillingDetailsDocument, await own({}))).billingDetails,

    /** The tax on what the customer pays: EXCLUSIVE comes on top of the catalogue's prices. Null: none. */
    taxRate: async () => (await request(operations.TaxRateDocument, await own({}))).taxRate,

    /** How the project wants to look to its customers: name, logo, colours, links. */
    brand: async () => (await request(operations.BrandDocument, {})).brand,

    /** Now, as the project sees it: real time, or the sandbox clock. */
    clock: async () => (await request(operations.ClockDocument, {})).clock,
  }
}
