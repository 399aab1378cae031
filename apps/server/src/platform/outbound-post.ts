import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'

/** All addresses of a host name. */
export type ResolveHost = (hostname: string) => Promise<readonly LookupAddress[]>

/** As this machine resolves names. */
export const resolveHost: ResolveHost = (hostname) => lookup(hostname, { all: true })

export interface OutboundPost {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For all of it, in milliseconds: names, connection, answer. */
  readonly timeoutMs: number
  /** Of the answer's body, in bytes; what follows is not read. */
  readonly keepBytes: number
  /** Whether an address may be dialled. */
  mayDial(address: string): boolean
  readonly signal?: AbortSignal
}

/** How a POST ended. `blocked`: the name leads where nobody is let; nothing was dialled. */
export type PostOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'blocked'; readonly error: string }
  | { readonly kind: 'failed'; readonly error: string }

/**
 * Sends a POST to an address that a stranger chose. The name is resolved once, each of its addresses is checked, and exactly
 * those are dialled: a name that answers differently the next time changes nothing. Redirects are answers like any other.
 */
export async function sendOutbound(resolve: ResolveHost, post: OutboundPost): Promise<PostOutcome> {
  const deadline = AbortSignal.timeout(post.timeoutMs)
  const signal = post.signal ? AbortSignal.any([deadline, post.signal]) : deadline
  try {
    const addresses = await orAborted(addressesOf(resolve, post.url), signal)
    const refused = addresses.find(({ address }) => !post.mayDial(address))
    if (refused || addresses.length === 0) {
      return { kind: 'blocked', error: `${post.url.hostname} does not lead to a public address` }
    }
    return await dial(post, addresses, signal)
  } catch (error) {
    const late = `no answer within ${post.timeoutMs / 1000} seconds`
    return { kind: 'failed', error: deadline.aborted ? late : describe(error) }
  }
}

/** The addresses behind a URL's host, which may be one itself. */
export async function addressesOf(resolve: ResolveHost, url: URL): Promise<readonly LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  return family === 0 ? resolve(host) : [{ address: host, family }]
}

function dial(post: OutboundPost, addresses: readonly LookupAddress[], signal: AbortSignal): Promise<PostOutcome> {
  return new Promise((settle, reject) => {
    const options: RequestOptions & { rejectUnauthorized: boolean } = {
      method: 'POST',
      headers: { ...post.headers, 'content-length': Buffer.byteLength(post.body) },
      // A connection of its own: one that was opened for another name must not be taken.
      agent: false,
      lookup: answerWith(addresses),
      rejectUnauthorized: true,
      signal,
    }
    const request = (post.url.protocol === 'https:' ? requestSecure : requestPlain)(post.url, options)
    request.on('error', reject)
    request.on('response', (response) => {
      // From here on there is an answer, however it ends.
      request.off('error', reject).on('error', () => {})
      void readStart(response, post.keepBytes).then((body) => {
        settle({ kind: 'answered', status: response.statusCode ?? 0, body })
        request.destroy()
      })
    })
    request.end(post.body)
  })
}

/** A resolver that knows only these addresses. Hosts that are addresses themselves are dialled without asking it. */
function answerWith(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses as [LookupAddress]
    if (options.all) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }
}

/** The beginning of a body: the status has come, so an end that never does changes nothing. */
function readStart(response: IncomingMessage, limit: number): Promise<string> {
  return new Promise((settle) => {
    const chunks: Buffer[] = []
    let size = 0
    const done = () => settle(textOf(Buffer.concat(chunks), limit))
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size >= limit) done()
    })
    for (const end of ['end', 'error', 'aborted', 'close']) response.on(end, done)
  })
}

/** At most so many bytes of storable text. */
function textOf(bytes: Buffer, limit: number): string {
  const text = bytes.subarray(0, limit).toString('utf8').replaceAll('\0', '')
  // A character that the limit has cut, or that is none, became one of three bytes.
  return Buffer.from(text).subarray(0, limit).toString('utf8').replace(/�+$/, '')
}

async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  work.catch(() => {})
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

/** What went wrong, without this machine's inside. */
function describe(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: unknown[] }
  if (errors?.[0]) return describe(errors[0])
  return code ? `the connection failed: ${code}` : `the connection failed: ${message ?? 'no reason given'}`
}
