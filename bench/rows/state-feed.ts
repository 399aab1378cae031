import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Api } from '../api.ts'

/** One socket that watches the billing states of some customers. */
export interface StateFeed {
  /** When the version, or a newer one, arrived. Waits for it; throws when it takes seconds. */
  arrivalOf(customerId: string, version: number): Promise<number>
  close(): void
}

interface Arrival {
  readonly version: number
  readonly at: number
}

interface Wait {
  readonly version: number
  readonly arrived: (at: number) => void
}

const PATIENCE_MS = 5_000
const WATCH = 'subscription Watch($customerId: ID!) { billingState(customerId: $customerId) { version } }'

/** Opens the socket and waits until each customer's first state is there. */
export async function openFeed({ port, secretKey }: Api, customerIds: readonly string[]): Promise<StateFeed> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws')
  const latest = new Map<string, Arrival>()
  const waits = new Map<string, Wait>()
  await once(socket, 'open')
  socket.on('message', (text) => {
    const message = JSON.parse(String(text)) as { id?: string; type: string; payload?: { data?: StateData } }
    const version = message.payload?.data?.billingState.version
    if (message.type !== 'next' || message.id === undefined || version === undefined) return
    const at = performance.now()
    latest.set(message.id, { version, at })
    const wait = waits.get(message.id)
    if (wait && version >= wait.version) wait.arrived(at)
  })
  const acknowledged = once(socket, 'message')
  send(socket, { type: 'connection_init', payload: { authorization: `Bearer ${secretKey}` } })
  await acknowledged
  for (const id of customerIds)
    send(socket, { id, type: 'subscribe', payload: { query: WATCH, variables: { customerId: id } } })
  const feed: StateFeed = {
    arrivalOf: (id, version) => arrival(id, version, latest, waits),
    close: () => socket.close(),
  }
  await Promise.all(customerIds.map((id) => feed.arrivalOf(id, 0)))
  return feed
}

interface StateData {
  readonly billingState: { readonly version: number }
}

function arrival(
  id: string,
  version: number,
  latest: ReadonlyMap<string, Arrival>,
  waits: Map<string, Wait>,
): Promise<number> {
  const known = latest.get(id)
  if (known && known.version >= version) return Promise.resolve(known.at)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`version ${version} of ${id} was not pushed`)), PATIENCE_MS)
    const arrived = (at: number) => {
      clearTimeout(timer)
      waits.delete(id)
      resolve(at)
    }
    waits.set(id, { version, arrived })
  })
}

function send(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message))
}
