import type { IncomingMessage, ServerResponse } from 'node:http'
import type { connectBilling } from './billing.ts'
import { type CharacterSize, imagineCharacter, writeOut } from './character-writer.ts'
import type { Gallery } from './gallery.ts'
import { type createSessions, type User, userNamed } from './session.ts'

export type Persona = {
  billing: ReturnType<typeof connectBilling>
  gallery: Gallery
  sessions: ReturnType<typeof createSessions>
  /** Where browsers find Florin's API. */
  florinUrl: string
}
type Exchange = { request: IncomingMessage; response: ServerResponse }
type Route = (persona: Persona, exchange: Exchange) => Promise<void>
type UserRoute = (persona: Persona, exchange: Exchange, user: User) => Promise<void>

const LONGEST_BODY = 4096
const LONGEST_PROMPT = 200

/** Persona's whole API. Nothing in it knows what a credit costs. */
export const routes: Record<string, Route> = {
  'GET /api/me': async (persona, { request, response }) => {
    const user = persona.sessions.userOf(request.headers.cookie)
    sendJson(response, 200, { user, florinUrl: persona.florinUrl })
  },

  'POST /api/sign-up': async ({ sessions, billing }, { request, response }) => {
    const { name } = await readJson(request)
    if (typeof name !== 'string' || !name.trim()) return sendJson(response, 400, { message: 'A name is needed.' })
    const user = userNamed(name.trim().slice(0, 80))
    await billing.signUp(user.id, user.name)
    response.setHeader('set-cookie', sessions.cookieFor(user))
    sendJson(response, 200, { user })
  },

  'POST /api/sign-out': async ({ sessions }, { response }) => {
    response.setHeader('set-cookie', sessions.endingCookie)
    sendJson(response, 200, {})
  },

  'POST /api/token': forUsers(async ({ billing }, { response }, user) => {
    sendJson(response, 200, { token: await billing.browserToken(user.id) })
  }),

  'GET /api/characters': forUsers(async ({ gallery }, { response }, user) => {
    sendJson(response, 200, gallery.of(user.id))
  }),

  'POST /api/generate': forUsers(generate),
}

/** Spends first, then writes: one NDJSON line a word, the whole character last. 402 where the credits don't reach. */
async function generate({ billing, gallery }: Persona, { request, response }: Exchange, user: User): Promise<void> {
  const { prompt, size, key } = await readJson(request)
  if (!isPrompt(prompt) || !isSize(size) || typeof key !== 'string') {
    return sendJson(response, 400, { message: `A prompt of up to ${LONGEST_PROMPT} letters and a size are needed.` })
  }
  const { decision } = await billing.spend(user.id, size, key)
  if (!decision.allowed) return sendJson(response, 402, { reason: decision.reason })

  const character = imagineCharacter(key, prompt.trim(), size)
  gallery.add(user.id, character)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  for await (const token of writeOut(character, gone.signal)) response.write(`${JSON.stringify(token)}\n`)
  response.end(`${JSON.stringify({ character })}\n`)
}

function forUsers(route: UserRoute): Route {
  return async (persona, exchange) => {
    const user = persona.sessions.userOf(exchange.request.headers.cookie)
    if (!user) return sendJson(exchange.response, 401, { message: 'Please sign in again.' })
    await route(persona, exchange, user)
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** An object, empty for a body that is none. Only JSON is read: a form of another site can't send it. */
async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!request.headers['content-type']?.startsWith('application/json')) return {}
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > LONGEST_BODY) return {}
  }
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function isPrompt(value: unknown): value is string {
  return typeof value === 'string' && value.trim().length > 0 && value.length <= LONGEST_PROMPT
}

function isSize(value: unknown): value is CharacterSize {
  return value === 1 || value === 2 || value === 3
}
