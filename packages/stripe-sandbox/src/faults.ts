import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLocal } from './local-request.ts'
import { readBody } from './request-body.ts'
import { RUBBISH, type Rubbish } from './rubbish.ts'

const KINDS = ['drop_after', 'drop_before', 'error_500_after', 'delay', 'rate_limit', 'rubbish'] as const

/** Longer than any client waits; a timer can't wait for much more than three weeks. */
const MAX_DELAY_MS = 60 * 60 * 1000

/** What goes wrong with a request, and when: before it is executed, or after, so that its outcome is unknown. */
export interface Fault {
  /** `POST /v1/payment_intents`; `*` stands for one part of the path. */
  readonly match: string
  readonly fault: (typeof KINDS)[number]
  /** How many requests it happens to. */
  readonly times: number
  readonly delayMs: number
  /** What the answer becomes; only of the fault of that name. */
  readonly rubbish?: Rubbish
}

export interface Faults {
  /** The fault that this request runs into, if any; counts it. */
  take(method: string, path: string): Fault | undefined
  /** `POST /stripe-sandbox/faults` adds one, `DELETE` removes all. Only from this machine. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
}

export function createFaults(): Faults {
  let faults: Fault[] = []
  return {
    take(method, path) {
      const hit = faults.find((fault) => matches(fault.match, `${method} ${path}`))
      if (!hit) return undefined
      const rest = faults.filter((fault) => fault !== hit)
      faults = hit.times > 1 ? [{ ...hit, times: hit.times - 1 }, ...rest] : rest
      return hit
    },
    async handle(request, response) {
      if (!isLocal(request)) return answer(response, 403, { error: 'Faults can be set from this machine only.' })
      if (request.method === 'DELETE') {
        faults = []
        return answer(response, 200, { faults })
      }
      const body = await readBody(request).catch(() => null)
      const fault = request.method === 'POST' ? parseFault(body) : null
      if (!fault) return answer(response, 400, { error: 'Send { match, fault, times?, delayMs?, rubbish? } as JSON.' })
      faults = [...faults, fault]
      answer(response, 200, { faults })
    },
  }
}

function matches(pattern: string, request: string): boolean {
  const expected = pattern.split('/')
  const actual = request.split('/')
  return expected.length === actual.length && expected.every((part, index) => part === '*' || part === actual[index])
}

function parseFault(body: string | null): Fault | null {
  try {
    const { match, fault, times = 1, delayMs = 0, rubbish } = JSON.parse(body ?? '') as Partial<Fault>
    if (typeof match !== 'string' || fault === undefined || !KINDS.includes(fault)) return null
    if (!isCount(times) || times < 1 || !isCount(delayMs) || delayMs > MAX_DELAY_MS) return null
    if ((fault === 'rubbish') !== (rubbish !== undefined)) return null
    if (rubbish !== undefined && !RUBBISH.includes(rubbish)) return null
    return { match, fault, times, delayMs, ...(rubbish && { rubbish }) }
  } catch {
    return null
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
