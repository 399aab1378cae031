import * as operations from '../../generated/operations.ts'
import type { CustomerRequest, Own } from './customer-request.ts'

export const writingMethods = ({ request, customerId, intend, leadBack }: CustomerRequest) => ({
  /** A payment that needs the customer comes back as CheckoutRequired: hand it to `openCheckout`. */
  subscribe: async (input: Own<operations.SubscribeInput>) =>
    (await intend(operations.SubscribeDocument, { checkout: leadBack(), ...input, customerId: await customerId() }))
      .subscribe,

  /**
   * Moves to another card, or to other quantities of the same: RATE_DIFFERENCE unless `behavior` says PRORATE or
   * AT_PERIOD_END. A payment that needs the customer comes back as CheckoutRequired: hand it to `openCheckout`.
   */
  changeRateCard: async (input: Own<operations.ChangeRateCardInput>) =>
    (await intend(operations.ChangeRateCardDocument, { checkout: leadBack(), ...input })).changeRateCard,

  /** At the end of the period unless `at` says NOW. */
  cancelSubscription: async (input: operations.CancelSubscriptionInput) =>
    (await request(operations.CancelSubscriptionDocument, { input })).cancelSubscription,

  /** Takes back a cancellation or a pending change that has not happened yet. */
  resumeSubscription: async (subscriptionId: string) =>
    (await request(operations.ResumeSubscriptionDocument, { subscriptionId })).resumeSubscription,

  /** With the payment method on file; a payment that needs the customer comes back as CheckoutRequired. */
  purchaseBundle: async (input: Own<operations.PurchaseBundleInput>) =>
    (
      await intend(operations.PurchaseBundleDocument, {
        checkout: leadBack(),
        ...input,
        customerId: await customerId(),
      })
    ).purchaseBundle,

  /** Buys bundles by itself when the balance falls to `threshold`; `enabled: false` switches it off. */
  setAutoTopUp: async (input: Omit<operations.AutoTopUpInput, 'customerId'>) =>
    (await request(operations.SetAutoTopUpDocument, { input: { ...input, customerId: await customerId() } }))
      .setAutoTopUp,

  /** The most overage money in a billing period, in the card's currency; null: no limit. */
  setSpendLimit: async (limit: string | number | null) => {
    await request(operations.SetSpendLimitDocument, { customerId: await customerId(), limit })
  },

  /** Whom invoices are for that come from now on: what is left out stays, null removes. */
  setBillingDetails: async (input: Omit<operations.BillingDetailsInput, 'customerId'>) =>
    (await request(operations.SetBillingDetailsDocument, { input: { ...input, customerId: await customerId() } }))
      .setBillingDetails,

  /**
   * `openCheckout` makes one and shows it; this is for pages that show it themselves. It lives 60 minutes, and a customer has 20 at
   * most: one more ends the oldest that nobody is paying.
   */
  createCheckoutSession: async ({
    checkout = leadBack(),
    ...input
  }: Omit<Own<operations.CheckoutSessionInput>, 'checkout'> & { checkout?: operations.CheckoutUrlsInput }) =>
    (await intend(operations.CreateCheckoutSessionDocument, { ...input, checkout, customerId: await customerId() }))
      .createCheckoutSession,

  /** A page of Florin's where the customer manages all of this; `openPortal` goes there. */
  createPortalSession: async (returnUrl: string = location.href) =>
    (await request(operations.CreatePortalSessionDocument, { customerId: await customerId(), returnUrl }))
      .createPortalSession,
})
