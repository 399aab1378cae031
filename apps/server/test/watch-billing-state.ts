import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import type { BillingState } from './calls.ts'
import { STATE_FIELDS } from './calls.ts'
import type { Peer } from './stack.ts'

// Browsers that look at a balance: graphql-transport-ws, as the SDK speaks it.

export interface Watcher {
  /** Every state that arrived, oldest first. */
  readonly states: readonly BillingState[]
  /** What the server said when it refused or ended the subscription. */
  readonly failures: readonly { readonly code: string }[]
  /** Close codes of the socket. */
  readonly closes: readonly number[]
  newest(): BillingState | undefined
  /** A further subscription on the same socket. */
  again(customerId: string): Watcher
  close(): void
}

/** Opens a socket and follows a customer on it. */
export function watchBillingState(to: Pick<Peer, 'url'>, customerId: string, authorization: string | null): Watcher {
  const closes: number[] = []
  const client = createClient({
    url: socketUrl(to),
    webSocketImpl: WebSocket,
    connectionParams: authorization === null ? {} : { authorization },
    lazy: true,
    retryAttempts: 0,
    onNonLazyError: () => {},
    on: { closed: (event) => closes.push((event as { code: number }).code) },
  })
  return follow(client, closes, customerId)
}

export function socketUrl({ url }: Pick<Peer, 'url'>): string {
  return `${url.replace('http', 'ws')}/graphql`
}

function follow(client: Client, closes: number[], customerId: string): Watcher {
  const states: BillingState[] = []
  const failures: { code: string }[] = []
  const query = `subscription ($customerId: ID!) { billingState(customerId: $customerId) { ${STATE_FIELDS} } }`
  client.subscribe<{ billingState: BillingState }>(
    { query, variables: { customerId } },
    {
      next: ({ data, errors }) => {
        if (data) states.push(data.billingState)
        failures.push(...codesOf(errors))
      },
      error: (error) => failures.push(...codesOf(error)),
      complete: () => {},
    },
  )
  return {
    states,
    failures,
    closes,
    newest: () => states.at(-1),
    again: (other) => follow(client, closes, other),
    close: () => client.dispose(),
  }
}

function codesOf(errors: unknown): { code: string }[] {
  if (!Array.isArray(errors)) return []
  return (errors as { extensions?: { code?: string } }[]).map(({ extensions }) => ({
    code: extensions?.code ?? 'none',
  }))
}

/** The code with which a socket is closed that opens with such headers and sends such connection parameters; 1000 if it is acknowledged. */
export function closeCodeOf(
  to: Pick<Peer, 'url'>,
  connectionParams: object | undefined,
  headers: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(socketUrl(to), 'graphql-transport-ws', { headers })
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: connectionParams })))
    socket.once('message', () => socket.close(1000))
    socket.once('unexpected-response', (_request, response) => {
      socket.terminate()
      resolve(response.statusCode ?? 0)
    })
    socket.once('error', () => {})
    socket.once('close', (code) => resolve(code))
  })
}
