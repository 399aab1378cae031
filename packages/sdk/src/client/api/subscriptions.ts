import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const subscriptionMethods = (request: Request) => ({
  /** A payment that needs the customer comes back as CheckoutRequired; `checkout` says where its page leads back to. */
  subscribe: async (input: operations.SubscribeInput) =>
    (await request(operations.SubscribeDocument, { input })).subscribe,

  /**
   * Moves to another card, or to other quantities of the same: RATE_DIFFERENCE unless `behavior` says PRORATE or
   * AT_PERIOD_END. A payment that needs the customer comes back as CheckoutRequired; `checkout` says where its page leads
   * back to. CONFLICT on `rateCard` when it is so already.
   */
  changeRateCard: async (input: operations.ChangeRateCardInput) =>
    (await request(operations.ChangeRateCardDocument, { input })).changeRateCard,

  /**
   * What `changeRateCard` would do with the same input, in money and in credits, without doing it; it fails as that would.
   * A negative `dueNow` becomes account credit. It is as slow as the change itself (docs/decisions/0009): once for a click.
   */
  previewRateCardChange: async (input: operations.ChangeRateCardInput) =>
    (await request(operations.PreviewRateCardChangeDocument, { input })).previewRateCardChange,

  /**
   * PERIOD_END unless `at` says NOW, which ends the allowance and invoices the overage; purchased credits are kept, and no
   * money goes back. `reason` and `comment` stay with the subscription, as `cancellation`, until it is resumed.
   */
  cancelSubscription: async (input: operations.CancelSubscriptionInput) =>
    (await request(operations.CancelSubscriptionDocument, { input })).cancelSubscription,

  /**
   * Lets a subscription rest from the end of its period on: nothing is charged or granted, its card rates no usage, and
   * purchased credits are kept. It lasts until `resumesAt`, which is after that end (else INVALID_INPUT), or until
   * `resumeSubscription` (docs/decisions/0013). CONFLICT while a payment is due.
   */
  pauseSubscription: async (input: operations.PauseSubscriptionInput) =>
    (await request(operations.PauseSubscriptionDocument, { input })).pauseSubscription,

  /**
   * Takes back a cancellation, a pause or a pending change that has not happened yet. Ends a pause that has begun: a
   * period begins now, and is collected like any renewal. CONFLICT when the subscription has ended.
   */
  resumeSubscription: async (subscriptionId: string) =>
    (await request(operations.ResumeSubscriptionDocument, { subscriptionId })).resumeSubscription,

  /**
   * A page where the customer manages their own billing, for 60 minutes. `returnUrl` is where its way back leads. A customer has 20
   * of them at most: one more ends the oldest.
   */
  createPortalSession: async (customerId: string, returnUrl: string) =>
    (await request(operations.CreatePortalSessionDocument, { customerId, returnUrl })).createPortalSession,

  /**
   * A page to buy a card or bundles on, for 60 minutes; asked again for the same, the one that is open. A customer has 20 open at most:
   * one more ends the oldest that nobody is paying. RATE_LIMITED where all of them are being paid.
   */
  createCheckoutSession: async (input: operations.CheckoutSessionInput) =>
    (await request(operations.CreateCheckoutSessionDocument, { input })).createCheckoutSession,
})
