import type { Character, CharacterSize, Token } from '../server/character-writer.ts'
import type { User } from '../server/session.ts'

export type { Character, CharacterPart, CharacterSize } from '../server/character-writer.ts'
export type { User } from '../server/session.ts'
export type Me = { user: User | null; florinUrl: string }

/** Persona's backend said no, in words for its user. */
export class ApiError extends Error {
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.name = 'ApiError'
    this.status = status
  }
}

export const fetchMe = () => get<Me>('/api/me')
export const fetchCharacters = () => get<Character[]>('/api/characters')
export const signUp = async (name: string) => (await (await post('/api/sign-up', { name })).json()) as { user: User }
export const signOut = () => post('/api/sign-out', {})
export const fetchToken = async () => ((await (await post('/api/token', {})).json()) as { token: string }).token

export type Generation = { prompt: string; size: CharacterSize; key: string }

/** Hands on each word as it is written; null if the credits did not reach. */
export async function generate(generation: Generation, onToken: (token: Token) => void): Promise<Character | null> {
  const response = await post('/api/generate', generation).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 402) return null
    throw error
  })
  if (!response?.body) return null
  for await (const line of linesOf(response.body)) {
    const message = JSON.parse(line) as Token | { character: Character }
    if ('character' in message) return message.character
    onToken(message)
  }
  throw new ApiError('The connection broke while your character was being written.', 0)
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const lines = (rest + chunk.value).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

async function get<Body>(path: string): Promise<Body> {
  return (await (await send(path, { method: 'GET' })).json()) as Body
}

function post(path: string, body: unknown): Promise<Response> {
  return send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch(() => {
    throw new ApiError('Persona can’t be reached. Please check your connection.', 0)
  })
  if (response.ok) return response
  const { message } = (await response.json().catch(() => ({}))) as { message?: string }
  throw new ApiError(message ?? 'Something went wrong. Please try again.', response.status)
}
