import type { BadInput } from './bad-inputs.ts'
import { CREATE_ENDPOINT } from './receiver.ts'

// What a caller may get wrong about webhooks. Bad addresses are in webhooks-blocked.test.ts.

const creating = (more: object, fault: string): BadInput => ({
  document: CREATE_ENDPOINT,
  variables: { input: { url: 'https://example.com/', ...more } },
  fault,
})
const UPDATE = `mutation ($input: UpdateWebhookEndpointInput!) { updateWebhookEndpoint(input: $input) { id } }`
const REPLAY = `mutation ($input: ReplayWebhookEventsInput!) { replayWebhookEvents(input: $input) }`
const byEndpoint = (mutation: string): BadInput => ({
  document: `mutation { ${mutation}(endpointId: "we_1") { __typename } }`,
  variables: {},
  fault: 'NOT_FOUND endpointId',
})

export const BAD_WEBHOOKS: Record<string, BadInput> = {
  'createWebhookEndpoint: no address': creating({ url: '' }, 'INVALID_INPUT url'),
  'createWebhookEndpoint: an unknown type': creating({ types: ['invoice.paid', 'all'] }, 'INVALID_INPUT types.1'),
  'createWebhookEndpoint: a long description': creating({ description: 'x'.repeat(501) }, 'INVALID_INPUT description'),
  'createWebhookEndpoint: a description with a NUL': creating({ description: 'a\u0000' }, 'INVALID_INPUT description'),
  'createWebhookEndpoint: a filter that is a list': creating({ filter: ['a'] }, 'INVALID_INPUT filter'),
  'createWebhookEndpoint: a filter that is text': creating({ filter: 'a' }, 'INVALID_INPUT filter'),
  'createWebhookEndpoint: an empty filter': creating({ filter: {} }, 'INVALID_INPUT filter'),
  'createWebhookEndpoint: a filter of an object': creating(
    { filter: { cause: { type: 'a' } } },
    'INVALID_INPUT filter',
  ),
  'createWebhookEndpoint: a filter of no field': creating({ filter: { 'a..b': 1 } }, 'INVALID_INPUT filter'),
  'createWebhookEndpoint: a filter with a NUL': creating({ filter: { a: 'a\u0000' } }, 'INVALID_INPUT filter'),
  'createWebhookEndpoint: an alert without a threshold': creating(
    { balanceAlert: { creditType: 'credits' } },
    'INVALID_INPUT balanceAlert',
  ),
  'createWebhookEndpoint: an alert of no decimal': creating(
    { balanceAlert: { creditType: 'credits', percent: 'few' } },
    'INVALID_INPUT balanceAlert.percent',
  ),
  'createWebhookEndpoint: an alert and a filter': creating(
    { balanceAlert: { creditType: 'credits', percent: 20 }, filter: { a: 1 } },
    'INVALID_INPUT balanceAlert',
  ),
  'updateWebhookEndpoint: unknown endpoint': {
    document: UPDATE,
    variables: { input: { endpointId: 'we_1' } },
    fault: 'NOT_FOUND endpointId',
  },
  'replayWebhookEvents: unknown endpoint': {
    document: REPLAY,
    variables: { input: { endpointId: 'we_00000000000000000000000000000000', since: '2026-01-01T00:00:00Z' } },
    fault: 'NOT_FOUND endpointId',
  },
  'replayWebhookEvents: no instant': {
    document: REPLAY,
    variables: { input: { endpointId: 'we_1', since: 'yesterday' } },
    fault: 'INVALID_INPUT since',
  },
  'replayWebhookEvents: the future': {
    document: REPLAY,
    variables: { input: { endpointId: 'we_1', since: '2999-01-01T00:00:00Z' } },
    fault: 'INVALID_INPUT since',
  },
  'rotateWebhookSecret: too long a grace': {
    document: `mutation { rotateWebhookSecret(endpointId: "we_1", graceSeconds: 604801) { secret } }`,
    variables: {},
    fault: 'INVALID_INPUT graceSeconds',
  },
  'rotateWebhookSecret: unknown endpoint': byEndpoint('rotateWebhookSecret'),
  'testWebhookEndpoint: unknown endpoint': byEndpoint('testWebhookEndpoint'),
  'enableWebhookEndpoint: unknown endpoint': byEndpoint('enableWebhookEndpoint'),
  'deleteWebhookEndpoint: unknown endpoint': byEndpoint('deleteWebhookEndpoint'),
  'redeliverWebhook: unknown delivery': {
    document: `mutation { redeliverWebhook(deliveryId: "a") { id } }`,
    variables: {},
    fault: 'NOT_FOUND deliveryId',
  },
  'webhookDeliveries: unknown endpoint': {
    document: `{ webhookDeliveries(endpointId: "we_1") { nodes { id } } }`,
    variables: {},
    fault: 'NOT_FOUND endpointId',
  },
  'webhookDeliveries: a cursor that is none': {
    document: `{ webhookDeliveries(after: "x") { nodes { id } } }`,
    variables: {},
    fault: 'INVALID_INPUT after',
  },
}
