import type { Node } from '../server/model.ts'
import type { User } from '../server/session.ts'

export type { Node, VideoNode } from '../server/model.ts'

export interface Me {
  readonly user: User | null
  readonly florinUrl: string
}

export const fetchMe = () => send<Me>('/api/me')
export const signIn = (name: string) => send<Me>('/api/sign-in', { name })
export const signOut = () => send('/api/sign-out', {})
export const fetchNodes = () => send<Node[]>('/api/nodes')

export interface Order {
  readonly kind: Node['kind']
  readonly prompt: string
  readonly signal: AbortSignal
}

/** Hands on the node, a video once for each second. False: the credits did not reach. */
export async function make({ kind, prompt, signal }: Order, onNode: (node: Node) => void): Promise<boolean> {
  const response = await ask(`/api/${kind}`, { prompt, key: crypto.randomUUID() }, signal)
  if (response.status === 402) return false
  if (!response.ok || !response.body) throw await failureOf(response)
  for await (const line of linesOf(response.body)) onNode(JSON.parse(line))
  return true
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const lines = (rest + chunk.value).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest) yield rest
}

async function send<Body>(path: string, body?: object): Promise<Body> {
  const response = await ask(path, body)
  if (!response.ok) throw await failureOf(response)
  return response.json()
}

function ask(path: string, body?: object, signal?: AbortSignal): Promise<Response> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return fetch(path, { ...(body && post), ...(signal && { signal }) }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error
    throw new Error('Easel can’t be reached. Please check your connection.')
  })
}

async function failureOf(response: Response): Promise<Error> {
  const { message } = await response.json().catch(() => ({}))
  return new Error(message ?? 'Something went wrong. Please try again.')
}
