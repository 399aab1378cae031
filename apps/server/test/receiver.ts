import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { dataOf } from './calls.ts'
import type { Peer } from './stack.ts'

// A receiver of webhooks as a customer of Florin would write it: plain node:http, and the library of the specification.

export interface Received {
  readonly id: string
  readonly timestamp: number
  readonly signature: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly event: WebhookEvent
}

export interface WebhookEvent {
  readonly type: string
  readonly timestamp: string
  readonly sequence: number | null
  readonly data: Record<string, unknown>
}

export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** What the next requests are answered, one each; 200 when there are none left. */
  readonly answers: (number | ((res: ServerResponse) => void))[]
  close(): Promise<void>
}

export async function startReceiver(address = '127.0.0.1'): Promise<Receiver> {
  const received: Received[] = []
  const answers: Receiver['answers'][number][] = []
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    received.push({
      id: String(req.headers['webhook-id']),
      timestamp: Number(req.headers['webhook-timestamp']),
      signature: String(req.headers['webhook-signature']),
      headers: req.headers,
      body,
      event: JSON.parse(body),
    })
    const answer = answers.shift() ?? 200
    if (typeof answer === 'function') answer(res)
    else res.writeHead(answer).end(`answered ${answer}`)
  }).listen(0, address)
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    answers,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** What the library says of it: the event. Throws for a signature that is none. */
export function verified(secret: string, { headers, body }: Received): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>)
}

export interface Endpoint {
  readonly id: string
  readonly url: string
  readonly description: string | null
  readonly types: readonly string[]
  readonly filter: unknown
  readonly enabled: boolean
  readonly disabledReason: string | null
  readonly failingSince: string | null
}

export interface Delivery {
  readonly id: string
  readonly endpointId: string
  readonly status: string
  readonly replay: boolean
  readonly responseStatus: number | null
  readonly responseBody: string | null
  readonly nextAttemptAt: string | null
  readonly event: { readonly id: string; readonly type: string; readonly sequence: number | null }
  readonly attempts: readonly {
    readonly number: number
    readonly at: string
    readonly responseStatus: number | null
    readonly responseBody: string | null
    readonly error: string | null
  }[]
}

const ENDPOINT = 'id url description types filter enabled disabledReason failingSince'
const DELIVERY = `id endpointId status replay responseStatus responseBody nextAttemptAt event { id type sequence }
  attempts { number at responseStatus responseBody error }`

export const CREATE_ENDPOINT = `mutation ($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) { endpoint { ${ENDPOINT} } secret } }`

type Ask = Pick<Peer, 'query'>

export async function createEndpoint(to: Ask, input: object): Promise<{ endpoint: Endpoint; secret: string }> {
  const created = to.query<{ createWebhookEndpoint: { endpoint: Endpoint; secret: string } }>(CREATE_ENDPOINT, {
    input,
  })
  return (await dataOf(created)).createWebhookEndpoint
}

/** A mutation that takes an endpoint and answers it. */
export async function withEndpoint(to: Ask, mutation: string, endpointId: string): Promise<Endpoint> {
  const document = `mutation ($id: ID!) { result: ${mutation}(endpointId: $id) { ${ENDPOINT} } }`
  return (await dataOf(to.query<{ result: Endpoint }>(document, { id: endpointId }))).result
}

export async function endpoints(to: Ask): Promise<readonly Endpoint[]> {
  return (await dataOf(to.query<{ webhookEndpoints: Endpoint[] }>(`{ webhookEndpoints { ${ENDPOINT} } }`)))
    .webhookEndpoints
}

/** Newest first. */
export async function deliveries(to: Ask, endpointId: string): Promise<readonly Delivery[]> {
  const document = `query ($id: ID) { webhookDeliveries(endpointId: $id, first: 100) { nodes { ${DELIVERY} } } }`
  const data = await dataOf(to.query<{ webhookDeliveries: { nodes: Delivery[] } }>(document, { id: endpointId }))
  return data.webhookDeliveries.nodes
}

export async function rotateSecret(to: Ask, endpointId: string, graceSeconds?: number): Promise<string> {
  const document = `mutation ($id: ID!, $grace: Int) { rotateWebhookSecret(endpointId: $id, graceSeconds: $grace) { secret } }`
  const data = await dataOf(
    to.query<{ rotateWebhookSecret: { secret: string } }>(document, { id: endpointId, grace: graceSeconds }),
  )
  return data.rotateWebhookSecret.secret
}

export async function testEndpoint(to: Ask, endpointId: string): Promise<Delivery> {
  const document = `mutation ($id: ID!) { testWebhookEndpoint(endpointId: $id) { ${DELIVERY} } }`
  return (await dataOf(to.query<{ testWebhookEndpoint: Delivery }>(document, { id: endpointId }))).testWebhookEndpoint
}

export async function redeliver(to: Ask, deliveryId: string): Promise<Delivery> {
  const document = `mutation ($id: ID!) { redeliverWebhook(deliveryId: $id) { ${DELIVERY} } }`
  return (await dataOf(to.query<{ redeliverWebhook: Delivery }>(document, { id: deliveryId }))).redeliverWebhook
}

export async function replay(to: Ask, input: object): Promise<number> {
  const document = `mutation ($input: ReplayWebhookEventsInput!) { replayWebhookEvents(input: $input) }`
  return (await dataOf(to.query<{ replayWebhookEvents: number }>(document, { input }))).replayWebhookEvents
}
