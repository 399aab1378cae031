import * as operations from '../../generated/operations.ts'
import type { Request } from '../transport.ts'

export const subscriptionMethods = (request: Request) => ({
  /** A payment that needs the customer comes back as CheckoutRequired; `checkout` says where its page leads back to. */
  subscribe: async (input: operations.SubscribeInput) =>
    (await request(operations.SubscribeDocument, { input })).subscribe,

  /** A payment that needs the customer comes back as CheckoutRequired; `checkout` says where its page leads back to. */
  changeRateCard: async (input: operations.ChangeRateCardInput) =>
    (await request(operations.ChangeRateCardDocument, { input })).changeRateCard,

  cancelSubscription: async (input: operations.CancelSubscriptionInput) =>
    (await request(operations.CancelSubscriptionDocument, { input })).cancelSubscription,

  /** Takes back a cancellation or a pending change that has not happened yet. */
  resumeSubscription: async (subscriptionId: string) =>
    (await request(operations.ResumeSubscriptionDocument, { subscriptionId })).resumeSubscription,

  createCheckoutSession: async (input: operations.CheckoutSessionInput) =>
    (await request(operations.CreateCheckoutSessionDocument, { input })).createCheckoutSession,
})
