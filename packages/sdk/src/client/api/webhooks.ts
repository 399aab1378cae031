import * as operations from '../../generated/operations.ts'
import type { Request, RequestOptions } from '../transport.ts'

/** An endpoint has 15 seconds to answer. */
const TEST_TIMEOUT_MS = 30_000

export const webhookMethods = (request: Request) => ({
  /**
   * Tells a URL what happens from now on, signed by the Standard Webhooks specification. The `secret` is answered this once.
   * INVALID_INPUT on `url` for one that is not https, or leads to a private network. It has no idempotency key: asked twice,
   * there are two endpoints.
   */
  createWebhookEndpoint: async (input: operations.CreateWebhookEndpointInput) =>
    (await request(operations.CreateWebhookEndpointDocument, { input })).createWebhookEndpoint,

  /** Changes what is given; the rest stays. */
  updateWebhookEndpoint: async (input: operations.UpdateWebhookEndpointInput) =>
    (await request(operations.UpdateWebhookEndpointDocument, { input })).updateWebhookEndpoint,

  /** Forgets an endpoint and its log; what waits for it is not sent. */
  deleteWebhookEndpoint: async (endpointId: string) =>
    (await request(operations.DeleteWebhookEndpointDocument, { endpointId })).deleteWebhookEndpoint,

  /** Tells an endpoint again that failed for 5 days or answered 410. What waits is sent at once; see `replayWebhookEvents`. */
  enableWebhookEndpoint: async (endpointId: string) =>
    (await request(operations.EnableWebhookEndpointDocument, { endpointId })).enableWebhookEndpoint,

  /** A new secret; the one before signs as well for `graceSeconds`, a day unless said otherwise, 0 to a week. */
  rotateWebhookSecret: async (input: operations.RotateWebhookSecretMutationVariables) =>
    (await request(operations.RotateWebhookSecretDocument, input)).rotateWebhookSecret,

  /** Sends an `endpoint.test` event now, once, and resolves to what came of it. */
  testWebhookEndpoint: async (endpointId: string, { timeoutMs = TEST_TIMEOUT_MS }: RequestOptions = {}) =>
    (await request(operations.TestWebhookEndpointDocument, { endpointId }, { timeoutMs })).testWebhookEndpoint,

  /** The project's endpoints, oldest first. */
  webhookEndpoints: async () => (await request(operations.WebhookEndpointsDocument, {})).webhookEndpoints,

  /** What was sent in the last 30 days, or waits, with each attempt. Newest first, at most 100 a page. */
  webhookDeliveries: async (input: operations.WebhookDeliveriesQueryVariables = {}) =>
    (await request(operations.WebhookDeliveriesDocument, input)).webhookDeliveries,

  /** Sends the event of a delivery again, under the same webhook-id. */
  redeliverWebhook: async (deliveryId: string) =>
    (await request(operations.RedeliverWebhookDocument, { deliveryId })).redeliverWebhook,

  /** Sends an endpoint again all that it wants of a span of real time, also what it missed while it was disabled. How many. */
  replayWebhookEvents: async (input: operations.ReplayWebhookEventsInput) =>
    (await request(operations.ReplayWebhookEventsDocument, { input })).replayWebhookEvents,
})
