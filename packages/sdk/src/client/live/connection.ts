import { createClient } from 'graphql-ws/client'
import { WatchBillingStateDocument, type WatchBillingStateSubscription } from '../../generated/operations.ts'
import { FlorinConnectionError, FlorinError } from '../errors.ts'
import { faultToError, isFaultList } from '../graphql-fault.ts'
import { now } from '../timing.ts'
import type { BillingState } from '../types.ts'

/** The browser's WebSocket class, or that of the `ws` package. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string | string[],
) => { addEventListener(type: 'error', listener: () => void): void }

/** How a connection ended. `refused`: another bearer may help. `denied`: waiting alone won't. */
export interface Ended {
  readonly error: FlorinError
  readonly refused: boolean
  readonly denied: boolean
}

export interface ConnectionOptions {
  /** The GraphQL endpoint over HTTP; the socket's address follows from it. */
  readonly url: string
  readonly bearer: string
  readonly customerId: string
  readonly webSocket?: WebSocketConstructor | undefined
  readonly onState: (state: BillingState) => void
  /** Called once, when it is over, whoever ended it. */
  readonly onEnd: (ended: Ended) => void
}

export interface Connection {
  close(): void
  /** After sleep: ends the connection if nothing was heard for longer than a live one is ever silent. */
  endIfSilent(): void
}

const PING_EVERY_MS = 10_000
const PONG_WITHIN_MS = 5_000
const ACKNOWLEDGE_WITHIN_MS = 10_000
/** Close codes of Florin (product.md, "Running"): no or bad credentials; token expired or revoked. */
const REFUSALS = new Set([4401, 4403])

/**
 * One connection that carries one subscription, from its opening to its end. It never reconnects: `feed.ts` decides when,
 * and with which token. A socket that stays silent after a ping counts as dead.
 */
export function connect(options: ConnectionOptions): Connection {
  let heardAt = now()
  let deadline: ReturnType<typeof setTimeout> | undefined
  let acknowledged = false
  let over = false

  const expectWithin = (milliseconds: number) => {
    clearTimeout(deadline)
    deadline = setTimeout(() => client.terminate(), milliseconds)
  }
  const end = (reason: unknown) => {
    if (over) return
    over = true
    clearTimeout(deadline)
    options.onEnd(explain(reason))
  }
  const client = createClient({
    url: socketUrl(options.url),
    webSocketImpl: guarded(options.webSocket ?? globalThis.WebSocket),
    connectionParams: { authorization: `Bearer ${options.bearer}` },
    retryAttempts: 0,
    keepAlive: PING_EVERY_MS,
    on: {
      connected: () => {
        acknowledged = true
      },
      ping: (received) => received || expectWithin(PONG_WITHIN_MS),
      message: () => {
        heardAt = now()
        clearTimeout(deadline)
      },
    },
  })
  expectWithin(ACKNOWLEDGE_WITHIN_MS)
  const leave = client.subscribe<WatchBillingStateSubscription>(
    { query: WatchBillingStateDocument, variables: { customerId: options.customerId } },
    {
      next: ({ data, errors }) => {
        if (over) return
        if (data) return options.onState(data.billingState)
        end(errors)
        leave()
      },
      error: end,
      complete: () => end(undefined),
    },
  )
  return {
    close: () => {
      end(undefined)
      leave()
      if (!acknowledged) client.terminate()
    },
    endIfSilent: () => {
      if (now() - heardAt > PING_EVERY_MS + PONG_WITHIN_MS) client.terminate()
    },
  }
}

function socketUrl(url: string): string {
  const socket = new URL(url)
  socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:'
  return socket.href
}

/**
 * The class with a listener for `error` from birth: graphql-ws takes its own away when it gives up on a socket, and the
 * `ws` package then throws what nobody listens to, which would end a Node process.
 */
function guarded(WebSocketClass: WebSocketConstructor | undefined): WebSocketConstructor {
  if (!WebSocketClass) {
    throw new FlorinError('No global WebSocket: give `webSocket`, such as the class of the `ws` package', {
      code: 'INVALID_INPUT',
      field: 'webSocket',
    })
  }
  return class extends WebSocketClass {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('error', () => {})
    }
  }
}

function explain(reason: unknown): Ended {
  if (isFaultList(reason)) {
    const error = faultToError(reason[0], true)
    return { error, refused: error.code === 'UNAUTHENTICATED', denied: !error.retryable }
  }
  const code = isClosing(reason) ? reason.code : undefined
  if (code !== undefined && REFUSALS.has(code)) {
    const error = new FlorinError(`Florin refused the credentials (${code})`, { code: 'UNAUTHENTICATED' })
    return { error, refused: true, denied: true }
  }
  const message = `The live connection to Florin ended${code === undefined ? '' : ` (${code})`}`
  const error = new FlorinConnectionError(message, { code: 'CONNECTION_FAILED', retryable: true, cause: reason })
  return { error, refused: false, denied: false }
}

const isClosing = (reason: unknown): reason is { code: number } =>
  typeof reason === 'object' && reason !== null && 'code' in reason && typeof reason.code === 'number'
