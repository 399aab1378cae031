import type { Row } from './tenancy-matrix.ts'

// The rows of tenancy-matrix.ts that are about where a project hears of events.

const backendOnly = { neighbour: 'FORBIDDEN', stranger: 'NOT_FOUND' }
/** A stranger does it in their own project, which is another. */
const ownProject = { neighbour: 'FORBIDDEN', stranger: 'allowed' }

export const WEBHOOK_ROWS: Record<string, Row> = {
  'Query.webhookDeliveries': {
    ask: (ids) => `webhookDeliveries(endpointId: "${ids.endpointId}") { nodes { id } }`,
    ...backendOnly,
  },
  'Mutation.createWebhookEndpoint': {
    ask: () => `createWebhookEndpoint(input: { url: "http://localhost:4999/mine" }) { secret }`,
    ...ownProject,
  },
  'Mutation.deleteWebhookEndpoint': {
    ask: (ids) => `deleteWebhookEndpoint(endpointId: "${ids.endpointId}") { id }`,
    ...backendOnly,
  },
  'Mutation.enableWebhookEndpoint': {
    ask: (ids) => `enableWebhookEndpoint(endpointId: "${ids.endpointId}") { id }`,
    ...backendOnly,
  },
  'Mutation.redeliverWebhook': {
    ask: (ids) => `redeliverWebhook(deliveryId: "${ids.deliveryId}") { id }`,
    ...backendOnly,
  },
  'Mutation.replayWebhookEvents': {
    ask: (ids) => `replayWebhookEvents(input: { endpointId: "${ids.endpointId}", since: "2026-01-01T00:00:00Z" })`,
    ...backendOnly,
  },
  'Mutation.rotateWebhookSecret': {
    ask: (ids) => `rotateWebhookSecret(endpointId: "${ids.endpointId}") { secret }`,
    ...backendOnly,
  },
  'Mutation.testWebhookEndpoint': {
    ask: (ids) => `testWebhookEndpoint(endpointId: "${ids.endpointId}") { id }`,
    ...backendOnly,
  },
  'Mutation.updateWebhookEndpoint': {
    ask: (ids) =>
      `updateWebhookEndpoint(input: { endpointId: "${ids.endpointId}", url: "http://localhost:4999/mine" }) { id }`,
    ...backendOnly,
  },
}
