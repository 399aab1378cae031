import type { Document } from './document.ts'
import { FlorinConnectionError, FlorinError } from './errors.ts'
import { faultToError, isFaultList } from './graphql-fault.ts'
import { isRepeatable } from './repeatable.ts'
import { backOff, sleep } from './timing.ts'

export interface TransportOptions {
  /** The GraphQL endpoint. */
  readonly url: string
  /** The bearer token of the next attempt. */
  readonly bearer: () => Promise<string>
  /** Called when the API refused `bearer`; true: another one can be had, try once more. */
  readonly onRefused?: (bearer: string) => boolean
  readonly fetch?: typeof fetch | undefined
  /** For each attempt; 10 seconds unless said otherwise. */
  readonly timeoutMs?: number | undefined
}

export interface RequestOptions {
  readonly timeoutMs?: number
}

/** Sends one operation and resolves with its data. Everything it throws is a FlorinError. */
export type Request = <Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  options?: RequestOptions,
) => Promise<Result>

const ATTEMPTS = 3
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 2_000
const TIMEOUT_MS = 10_000

/** An answer of the API, or what stood in its place. `lost`: the failure may pass, so it's worth another attempt. */
type Answer = { readonly data: unknown } | { readonly error: FlorinError; readonly lost: boolean }

/** Repeats what failed on the way, but only operations that can't take effect twice. */
export function createTransport(options: TransportOptions): Request {
  const send = createSender(options)
  return async <Result, Variables>(
    document: Document<Result, Variables>,
    variables: Variables,
    asked?: RequestOptions,
  ) => {
    const repeatable = isRepeatable(document, variables)
    const body = JSON.stringify({ query: document, variables: variables ?? {} }, refuseNoNumber)
    const timeoutMs = asked?.timeoutMs ?? options.timeoutMs ?? TIMEOUT_MS
    let renewed = false
    for (let failures = 0; ; failures++) {
      const bearer = await options.bearer()
      const answer = await send(body, bearer, timeoutMs, repeatable)
      if ('data' in answer) return answer.data as Result
      const refused = answer.error.code === 'UNAUTHENTICATED'
      if (refused && !renewed && options.onRefused?.(bearer)) {
        renewed = true
        continue
      }
      if (!answer.lost || !repeatable || failures + 1 >= ATTEMPTS) throw answer.error
      await sleep(backOff(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS))
    }
  }
}

/** JSON would turn NaN into null, which the API takes for "left out": a failed calculation would spend the default. */
function refuseNoNumber(field: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value
  throw new FlorinError(`${field} is ${value}, not a number`, { code: 'INVALID_INPUT', field })
}

function createSender({ url, fetch: given }: TransportOptions) {
  const post = given ?? ((input: string, init: RequestInit) => globalThis.fetch(input, init))
  return async (body: string, bearer: string, timeoutMs: number, repeatable: boolean): Promise<Answer> => {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), timeoutMs)
    try {
      const response = await post(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${bearer}` },
        body,
        signal: abort.signal,
      })
      return readAnswer(response.status, response.headers.get('x-request-id'), await response.text(), repeatable)
    } catch (cause) {
      return { error: unreachable(url, abort.signal.aborted ? timeoutMs : null, repeatable, cause), lost: true }
    } finally {
      clearTimeout(timer)
    }
  }
}

function unreachable(url: string, timeoutMs: number | null, retryable: boolean, cause: unknown): FlorinError {
  const where = new URL(url).host
  return timeoutMs === null
    ? new FlorinConnectionError(`Can't reach Florin at ${where}`, { code: 'CONNECTION_FAILED', retryable, cause })
    : new FlorinConnectionError(`No answer from ${where} in ${timeoutMs} ms`, { code: 'TIMED_OUT', retryable, cause })
}

function readAnswer(status: number, requestId: string | null, text: string, repeatable: boolean): Answer {
  const lost = status >= 500
  const { data, errors } = parseJson(text)
  if (isFaultList(errors)) return { error: faultToError(errors[0], repeatable, requestId ?? undefined), lost }
  if (data !== null && typeof data === 'object') return { data }
  return { error: unreadable(status, requestId ?? undefined, repeatable && lost), lost }
}

function parseJson(text: string): { data?: unknown; errors?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? value : {}
  } catch {
    return {}
  }
}

const CODES: Readonly<Record<number, string>> = { 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 413: 'QUERY_TOO_COMPLEX' }

/** Something between us and the API answered, such as a proxy, or the URL is not Florin's. */
function unreadable(status: number, requestId: string | undefined, retryable: boolean): FlorinError {
  const elsewhere = status === 404 ? ': does the url end with /graphql?' : ''
  const message = `Expected a GraphQL answer, got HTTP ${status}${elsewhere}`
  const code = CODES[status]
  if (code) return new FlorinError(message, { code, requestId })
  if (status === 429) return new FlorinError(message, { code: 'RATE_LIMITED', requestId, retryable: true })
  return new FlorinConnectionError(message, { code: 'CONNECTION_FAILED', requestId, retryable })
}
