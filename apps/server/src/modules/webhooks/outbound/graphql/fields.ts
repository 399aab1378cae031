import { builder } from '../../../../graphql/builder.ts'
import { viewerOf } from '../../../../graphql/context.ts'
import { checkFirst, readCursor, toPage } from '../../../../graphql/page.ts'
import { createWebhookEndpoint } from '../create-webhook-endpoint.ts'
import { deleteWebhookEndpoint } from '../delete-webhook-endpoint.ts'
import { enableWebhookEndpoint } from '../enable-webhook-endpoint.ts'
import { readWebhookDeliveries } from '../read-webhook-deliveries.ts'
import { findEndpoint, readWebhookEndpoints } from '../read-webhook-endpoints.ts'
import { redeliverWebhook } from '../redeliver-webhook.ts'
import { replayWebhookEvents } from '../replay-webhook-events.ts'
import { rotateWebhookSecret } from '../rotate-webhook-secret.ts'
import { testWebhookEndpoint } from '../test-webhook-endpoint.ts'
import { updateWebhookEndpoint } from '../update-webhook-endpoint.ts'
import {
  WebhookDeliveryConnection,
  WebhookDeliveryRef,
  WebhookDeliveryStatusEnum,
  WebhookEndpointRef,
  WebhookEndpointWithSecretRef,
} from './types.ts'

const FILTER = `Fields of an event's data that must be so, such as { "creditType": "credits", "percent": "20" }. A dot leads inside: "cause.type".`

const BalanceAlertFilterInput = builder.inputType('BalanceAlertFilterInput', {
  description: 'One alert of setBalanceAlerts, by its percent or its amount.',
  fields: (t) => ({
    creditType: t.string({ required: true }),
    percent: t.field({ type: 'Decimal' }),
    amount: t.field({ type: 'Decimal' }),
    customerId: t.id({ description: 'Left out: of any customer.' }),
  }),
})

const CreateWebhookEndpointInput = builder.inputType('CreateWebhookEndpointInput', {
  fields: (t) => ({
    url: t.string({
      required: true,
      description: 'https:// and a public host. A SANDBOX on your own machine may also use http://localhost.',
    }),
    description: t.string(),
    types: t.stringList({ description: 'Types of events to be told about, such as "invoice.paid"; left out: all.' }),
    filter: t.field({ type: 'JSON', description: FILTER }),
    balanceAlert: t.field({
      type: BalanceAlertFilterInput,
      description: 'Tells of this alert alone: short for its types and its filter.',
    }),
  }),
})

const UpdateWebhookEndpointInput = builder.inputType('UpdateWebhookEndpointInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    endpointId: t.id({ required: true }),
    url: t.string(),
    description: t.string(),
    types: t.stringList(),
    filter: t.field({ type: 'JSON', description: FILTER }),
  }),
})

const ReplayWebhookEventsInput = builder.inputType('ReplayWebhookEventsInput', {
  description: 'A span of real time, at most 30 days back.',
  fields: (t) => ({
    endpointId: t.id({ required: true }),
    since: t.field({ type: 'DateTime', required: true }),
    until: t.field({ type: 'DateTime', description: 'Left out: now.' }),
  }),
})

builder.queryFields((t) => ({
  webhookEndpoints: t.field({
    access: 'secret',
    type: [WebhookEndpointRef],
    description: 'Oldest first.',
    resolve: (_, __, context) => readWebhookEndpoints(context.app, viewerOf(context).project),
  }),
  webhookDeliveries: t.field({
    access: 'secret',
    type: WebhookDeliveryConnection,
    description: 'What was sent, or is going to be, in the last 30 days. Newest first.',
    args: {
      endpointId: t.arg.id({ description: 'Left out: of all endpoints.' }),
      status: t.arg({ type: WebhookDeliveryStatusEnum }),
      first: t.arg.int({ defaultValue: 20 }),
      after: t.arg.string(),
    },
    resolve: async (_, { endpointId, status, first, after }, context) => {
      const { project } = viewerOf(context)
      const endpoint = endpointId ? await findEndpoint(context.app.database, project, endpointId) : null
      const size = checkFirst(first, 20)
      const cursor = readCursor(after, /^\d{1,18}$/)
      const before = cursor === null ? null : Number(cursor)
      const query = { endpointId: endpoint?.id ?? null, status: status ?? null, take: size + 1, before }
      const rows = await readWebhookDeliveries(context.app, project, query)
      return toPage(
        rows,
        size,
        ({ pk }) => String(pk),
        (delivery) => delivery,
      )
    },
  }),
}))

builder.mutationFields((t) => ({
  createWebhookEndpoint: t.field({
    access: 'secret',
    type: WebhookEndpointWithSecretRef,
    description: 'Tells a URL what happens from now on, signed by the Standard Webhooks specification.',
    args: { input: t.arg({ type: CreateWebhookEndpointInput, required: true }) },
    resolve: (_, { input }, context) => createWebhookEndpoint(context.app, viewerOf(context).project, input),
  }),
  updateWebhookEndpoint: t.field({
    access: 'secret',
    type: WebhookEndpointRef,
    args: { input: t.arg({ type: UpdateWebhookEndpointInput, required: true }) },
    resolve: (_, { input }, context) => updateWebhookEndpoint(context.app, viewerOf(context).project, input),
  }),
  deleteWebhookEndpoint: t.field({
    access: 'secret',
    type: WebhookEndpointRef,
    description: 'With its log. Answers it as it was.',
    args: { endpointId: t.arg.id({ required: true }) },
    resolve: (_, args, context) => deleteWebhookEndpoint(context.app, viewerOf(context).project, args.endpointId),
  }),
  enableWebhookEndpoint: t.field({
    access: 'secret',
    type: WebhookEndpointRef,
    description: 'Tells an endpoint again that was disabled. What waits for it is sent at once.',
    args: { endpointId: t.arg.id({ required: true }) },
    resolve: (_, args, context) => enableWebhookEndpoint(context.app, viewerOf(context).project, args.endpointId),
  }),
  rotateWebhookSecret: t.field({
    access: 'secret',
    type: WebhookEndpointWithSecretRef,
    description: 'Gives an endpoint a new secret. The one before signs as well for a while: at most a week.',
    args: { endpointId: t.arg.id({ required: true }), graceSeconds: t.arg.int({ defaultValue: 86_400 }) },
    resolve: (_, { endpointId, graceSeconds }, context) =>
      rotateWebhookSecret(context.app, viewerOf(context).project, {
        endpointId,
        graceSeconds: graceSeconds ?? undefined,
      }),
  }),
  testWebhookEndpoint: t.field({
    access: 'secret',
    type: WebhookDeliveryRef,
    description:
      'Sends an `endpoint.test` event now, once, and answers what came of it: after 15 seconds at the latest.',
    args: { endpointId: t.arg.id({ required: true }) },
    resolve: (_, args, context) => testWebhookEndpoint(context.app, viewerOf(context).project, args.endpointId),
  }),
  redeliverWebhook: t.field({
    access: 'secret',
    type: WebhookDeliveryRef,
    description: 'Sends the event of a delivery again, now, under the same webhook-id.',
    args: { deliveryId: t.arg.id({ required: true }) },
    resolve: (_, args, context) => redeliverWebhook(context.app, viewerOf(context).project, args.deliveryId),
  }),
  replayWebhookEvents: t.field({
    access: 'secret',
    type: 'SafeInt',
    description:
      'Sends again what was written down for the project in a span of time and the endpoint wants, also what it missed while it was disabled. Answers how many, at most 10,000.',
    args: { input: t.arg({ type: ReplayWebhookEventsInput, required: true }) },
    resolve: (_, { input }, context) => replayWebhookEvents(context.app, viewerOf(context).project, input),
  }),
}))
