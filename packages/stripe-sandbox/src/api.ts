import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import qs from 'qs'
import { ApiError, rateLimited, serverError } from './api-error.ts'
import { checkApiKey } from './api-key.ts'
import type { Context } from './context.ts'
import { expand, expandPaths } from './expand.ts'
import type { Fault, Faults } from './faults.ts'
import { fingerprintOf, type IdempotencyKeys } from './idempotency.ts'
import { newId } from './ids.ts'
import type { RawParams } from './params.ts'
import { readBody } from './request-body.ts'
import { findRoute } from './router.ts'
import { spoil } from './rubbish.ts'
import { API_VERSION, upgrade, versionOf } from './versions.ts'
import { toWire } from './wire.ts'

export interface Api {
  readonly secretKey: string | undefined
  readonly faults: Faults
  readonly keys: IdempotencyKeys
  contextOf(request: Context['request']): Context
}

/** One request of `/v1`, read but not yet looked into. */
interface Call {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly version: string
  readonly params: RawParams
  /** The idempotency key; only POSTs have one. */
  readonly key: string | undefined
}

interface Answer {
  readonly status: number
  readonly body: string
  /** JSON if left out. */
  readonly contentType?: string
  /** Whether an idempotency key remembers it. */
  readonly remembered: boolean
  /** The request that was executed, if this is a replay of its answer. */
  readonly replayOf?: string
}

/** Answers one request as Stripe's API does. Never rejects: what is unexpected is answered as Stripe's own failure. */
export async function answerApi(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = newId('request')
  try {
    const call = await readCall(request, requestId)
    checkApiKey(request.headers.authorization, api.secretKey)
    const fault = api.faults.take(call.method, call.path)
    if (fault?.fault === 'drop_before') return void request.socket.destroy()
    if (fault?.fault === 'rate_limit') throw rateLimited()
    const answer = await answerOnce(api, call, fault)
    if (fault?.fault === 'drop_after') return void request.socket.destroy()
    send(response, call, fault?.rubbish ? { ...answer, ...spoil(answer.status, answer.body, fault.rubbish) } : answer)
  } catch (error) {
    const call = { requestId, method: '', path: '', version: API_VERSION, params: {}, key: undefined }
    send(response, call, answerTo(error))
  }
}

async function readCall(request: IncomingMessage, requestId: string): Promise<Call> {
  const method = request.method ?? 'GET'
  const url = new URL(request.url ?? '/', 'http://sandbox')
  const body = await readBody(request)
  if (body === null) {
    throw new ApiError(413, { type: 'invalid_request_error', message: 'Request body is larger than 1 MB.' }, false)
  }
  const header = request.headers['idempotency-key']
  return {
    requestId,
    method,
    path: url.pathname,
    version: versionOf(request.headers['stripe-version']),
    params: parseForm(method === 'POST' ? body : url.search.slice(1)),
    key: method === 'POST' && typeof header === 'string' && header !== '' ? header : undefined,
  }
}

function parseForm(form: string): RawParams {
  return qs.parse(form, { depth: 8, arrayLimit: 1000, parameterLimit: 5000, plainObjects: true })
}

/** Executes a call, or replays what the first call with its key was answered. */
async function answerOnce(api: Api, call: Call, fault: Fault | undefined): Promise<Answer> {
  const { key } = call
  if (key === undefined) return answerWithFault(api, call, fault)
  const fingerprint = fingerprintOf(call.path, call.params)
  const known = api.keys.begin(key, fingerprint)
  if (known) return { status: known.status, body: known.body, remembered: true, replayOf: known.requestId }
  const answer = await answerWithFault(api, call, fault)
  const created = api.contextOf(requestOf(call)).now
  const { status, body } = answer
  const remember = { id: key, fingerprint, requestId: call.requestId, created, status, body }
  api.keys.finish(key, answer.remembered ? remember : null)
  return answer
}

async function answerWithFault(api: Api, call: Call, fault: Fault | undefined): Promise<Answer> {
  const answer = execute(api, call)
  if (fault?.fault === 'delay') await pause(fault.delayMs, undefined, { ref: false })
  return fault?.fault === 'error_500_after' ? answerTo(serverError()) : answer
}

function execute(api: Api, call: Call): Answer {
  try {
    const { handler, id } = findRoute(call.method, call.path)
    const { expand: paths, ...params } = upgrade(call.version, call.method, call.path, call.params)
    const expandBy = paths === undefined ? [] : expandPaths(paths, 'expand')
    const context = api.contextOf(requestOf(call))
    const object = expand(context, handler(context, params, id), expandBy)
    return { status: 200, body: toWire(object), remembered: true }
  } catch (error) {
    return answerTo(error)
  }
}

function requestOf(call: Call): Context['request'] {
  return { id: call.requestId, idempotency_key: call.key ?? null }
}

function answerTo(error: unknown): Answer {
  const known = error instanceof ApiError ? error : serverError()
  if (known !== error) process.emitWarning(error instanceof Error ? error : String(error))
  return { status: known.status, body: toWire({ error: known.details }), remembered: known.remembered }
}

function send(response: ServerResponse, call: Call, answer: Answer): void {
  if (response.destroyed) return
  response.writeHead(answer.status, {
    'content-type': answer.contentType ?? 'application/json',
    'cache-control': 'no-cache, no-store',
    'request-id': call.requestId,
    'stripe-version': call.version,
    ...(call.key !== undefined && {
      'idempotency-key': call.key,
      'original-request': answer.replayOf ?? call.requestId,
    }),
    ...(answer.replayOf !== undefined && { 'idempotent-replayed': 'true' }),
  })
  response.end(answer.body)
}
