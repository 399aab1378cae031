import { builder } from '../../../../graphql/builder.ts'
import { connectionOf } from '../../../../graphql/page.ts'
import { publicId } from '../../../../platform/ids.ts'
import type { EndpointWithSecret } from '../create-webhook-endpoint.ts'
import type { WebhookAttempt, WebhookDelivery } from '../read-webhook-deliveries.ts'
import type { WebhookEndpoint } from '../read-webhook-endpoints.ts'

export const WebhookEndpointRef = builder.objectRef<WebhookEndpoint>('WebhookEndpoint').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('we', id) }),
    url: t.exposeString('url'),
    description: t.exposeString('description', { nullable: true }),
    types: t.field({
      type: ['String'],
      description: 'Types of events it is told about; empty: all.',
      resolve: ({ types }) => [...types],
    }),
    filter: t.expose('filter', {
      type: 'JSON',
      nullable: true,
      description: "Fields of an event's data that must be so; null: any event of its types.",
    }),
    enabled: t.boolean({ resolve: ({ disabledAt }) => disabledAt === null }),
    disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true }),
    disabledReason: t.exposeString('disabledWhy', { nullable: true }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing could be delivered; after 5 days it is disabled.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

export const WebhookEndpointWithSecretRef = builder
  .objectRef<EndpointWithSecret>('WebhookEndpointWithSecret')
  .implement({
    fields: (t) => ({
      endpoint: t.field({ type: WebhookEndpointRef, resolve: ({ endpoint }) => endpoint }),
      secret: t.exposeString('secret', { description: 'Signs what it is told: whsec_… Shown this once.' }),
    }),
  })

export const WebhookDeliveryStatusEnum = builder.enumType('WebhookDeliveryStatus', {
  values: {
    PENDING: { description: 'Waits for its first attempt, or for the next one.' },
    SUCCEEDED: { description: 'Was answered with 2xx.' },
    FAILED: { description: 'Was given up after its last attempt.' },
  } as const,
})

const WebhookEventRef = builder.objectRef<WebhookDelivery>('WebhookEvent').implement({
  fields: (t) => ({
    id: t.id({
      description: 'The webhook-id header of every delivery of it.',
      resolve: ({ eventId }) => publicId('evt', eventId),
    }),
    type: t.exposeString('type'),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      nullable: true,
      description:
        "Grows with each of a customer's events, in the order in which they happened; null: an event of no customer.",
    }),
    data: t.expose('data', { type: 'JSON' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: "In the project's time." }),
  }),
})

const WebhookAttemptRef = builder.objectRef<WebhookAttempt>('WebhookAttempt').implement({
  description: 'One request. It has a response, or an error.',
  fields: (t) => ({
    number: t.exposeInt('number'),
    at: t.expose('at', { type: 'DateTime' }),
    durationMs: t.exposeInt('durationMs'),
    responseStatus: t.exposeInt('status', { nullable: true }),
    responseBody: t.exposeString('body', { nullable: true, description: 'The first kilobyte.' }),
    error: t.exposeString('error', { nullable: true }),
  }),
})

export const WebhookDeliveryRef = builder.objectRef<WebhookDelivery>('WebhookDelivery').implement({
  description:
    'One event on its way to one endpoint. All times are real time: retries follow it, not the clock of a sandbox.',
  fields: (t) => ({
    id: t.id({ resolve: ({ pk }) => String(pk) }),
    endpointId: t.id({ resolve: ({ endpointId }) => publicId('we', endpointId) }),
    event: t.field({ type: WebhookEventRef, resolve: (delivery) => delivery }),
    status: t.expose('status', { type: WebhookDeliveryStatusEnum }),
    replay: t.exposeBoolean('replay', { description: 'Whether somebody asked for it to be sent again.' }),
    attempts: t.field({
      type: [WebhookAttemptRef],
      description: 'Oldest first.',
      resolve: ({ attempts }) => [...attempts],
    }),
    responseStatus: t.int({
      nullable: true,
      description: 'What the last attempt was answered; null: nothing.',
      resolve: ({ attempts }) => attempts.at(-1)?.status ?? null,
    }),
    responseBody: t.string({ nullable: true, resolve: ({ attempts }) => attempts.at(-1)?.body ?? null }),
    nextAttemptAt: t.expose('nextAttemptAt', { type: 'DateTime', nullable: true }),
    deliveredAt: t.expose('deliveredAt', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

export const WebhookDeliveryConnection = connectionOf('WebhookDelivery', WebhookDeliveryRef)
