import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const creditMethods = (request: Request) => ({
  createWallet: async (input: operations.CreateWalletInput) =>
    (await request(operations.CreateWalletDocument, { input })).createWallet,

  /** All that the customer was ever given, newest first, at most 100 a page; finished ones say how they `ended`. */
  grants: async (input: operations.GrantsQueryVariables) => (await request(operations.GrantsDocument, input)).grants,

  grantCredits: async (input: operations.GrantCreditsInput) =>
    (await request(operations.GrantCreditsDocument, { input })).grantCredits,

  /** Takes what remains of a grant; with nothing left it fails with CONFLICT. */
  voidGrant: async (input: operations.VoidGrantMutationVariables) =>
    (await request(operations.VoidGrantDocument, input)).voidGrant,

  /** A payment that needs the customer comes back as CheckoutRequired; `checkout` says where its page leads back to. */
  purchaseBundle: async (input: operations.PurchaseBundleInput) =>
    (await request(operations.PurchaseBundleDocument, { input })).purchaseBundle,

  /** Tells at which levels of a balance to send `balance.threshold_crossed`: of one customer, or of all. Replaces what was set. */
  setBalanceAlerts: async (input: operations.BalanceAlertsInput) =>
    (await request(operations.SetBalanceAlertsDocument, { input })).setBalanceAlerts,

  /** The most that a customer and all below them may use of a credit type in a period; `limit` null: no limit. */
  setBudget: async (input: operations.BudgetInput) =>
    (await request(operations.SetBudgetDocument, { input })).setBudget,

  /** The most overage money in a billing period, in the card's currency; null: no limit. */
  setSpendLimit: async (input: operations.SetSpendLimitMutationVariables) =>
    (await request(operations.SetSpendLimitDocument, input)).setSpendLimit,

  /** Buys bundles by itself when the balance falls to `threshold`. A customer may switch their own. */
  setAutoTopUp: async (input: operations.AutoTopUpInput) =>
    (await request(operations.SetAutoTopUpDocument, { input })).setAutoTopUp,

  /** What the limits of each automatic top-up count in the customer's running month. */
  topUpMonths: async (customerId: string) =>
    (await request(operations.TopUpMonthsDocument, { customerId })).topUpMonths,
})
