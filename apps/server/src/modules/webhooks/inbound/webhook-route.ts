import type { IncomingMessage, ServerResponse } from 'node:http'
import { realNow } from '../../../platform/clock.ts'
import { Fault } from '../../../platform/errors.ts'
import { BODY_LIMIT, failRequest, pathOf, type Route, readBytes } from '../../../platform/http.ts'
import type { PaymentProvider } from '../../payments/provider.ts'
import { type ReceiveDeps, receiveEvent } from './receive-event.ts'

/** An event is a few kilobytes, and comes in one piece. */
const READ_WITHIN_MS = 5_000
/** Whoever knocks at the door without a key fills no log. */
const TELL_EVERY_MS = 60_000

interface Refusal {
  readonly status: number
  readonly why: string
}

const REFUSED: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  INVALID_INPUT: 400,
  PAYMENT_PROVIDER_UNAVAILABLE: 503,
}

/** Takes the events of each provider at its own path. 200: the event is stored. Otherwise nothing is, and the answer says why. */
export function createWebhookRoute(deps: ReceiveDeps, providers: ReadonlyMap<string, PaymentProvider>): Route {
  let toldAt = 0

  async function answer(req: IncomingMessage, res: ServerResponse, provider: PaymentProvider): Promise<void> {
    try {
      const refusal = refusalOf(req)
      if (refusal) return refuse(res, refusal)
      const body = await readBytes(req, BODY_LIMIT, READ_WITHIN_MS)
      if (body === 'too large') return refuse(res, { status: 413, why: `an event has at most ${BODY_LIMIT} bytes` })
      if (body === 'too slow') return refuse(res, { status: 408, why: 'the body took too long to arrive' })
      await receiveEvent(deps, provider, body, String(req.headers['stripe-signature'] ?? ''))
      res.writeHead(200).end()
    } catch (error) {
      const status = error instanceof Fault ? REFUSED[error.code] : undefined
      if (status === undefined) return failRequest(res, error, deps.log)
      const { message: why } = error as Fault
      tell(provider, status, why)
      refuse(res, { status, why })
    }
  }

  function tell({ source }: PaymentProvider, status: number, why: string): void {
    if (realNow() - toldAt < TELL_EVERY_MS) return
    toldAt = realNow()
    deps.log.warn({ source, status, why }, 'a webhook of the payment provider is refused')
  }

  return (req, res) => {
    const provider = providers.get(pathOf(req))
    if (!provider) return false
    void answer(req, res, provider)
    return true
  }
}

/** What can be said before the body is read. A compressed one is not read at all: the signature is of other bytes. */
function refusalOf({ method, headers }: IncomingMessage): Refusal | null {
  if (method !== 'POST') return { status: 405, why: 'events are sent with POST' }
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    return { status: 415, why: 'an event is application/json' }
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    return { status: 415, why: 'an event is not compressed' }
  }
  return null
}

/** The connection ends with it: what was not read of the body must not be taken for the next request. */
function refuse(res: ServerResponse, { status, why }: Refusal): void {
  const allow = status === 405 ? { allow: 'POST' } : {}
  res.writeHead(status, { 'content-type': 'text/plain', connection: 'close', ...allow }).end(`${why}\n`)
}
