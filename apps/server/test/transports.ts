import { type Answer, ask, readAnswer } from './ask.ts'
import type { Peer } from './stack.ts'

// Two ways into one engine: the short path for plain JSON, and Yoga for every other form of GraphQL over HTTP.

export interface Transport {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
}

export const TRANSPORTS: readonly Transport[] = [
  { name: 'the lean path', headers: {} },
  { name: 'Yoga', headers: { accept: 'application/graphql-response+json' } },
]

/** Asks over one of the transports. */
export function askOver<Data>(
  { headers }: Transport,
  to: Pick<Peer, 'graphqlUrl'>,
  question: { document: string; variables?: object; authorization: string | null },
): Promise<Answer<Data>> {
  return ask(to.graphqlUrl, { ...question, headers })
}

/** Sends bytes as they are. */
export async function post(
  to: Pick<Peer, 'graphqlUrl'>,
  body: string | FormData | URLSearchParams,
  headers: Readonly<Record<string, string>>,
): Promise<Answer<unknown>> {
  return readAnswer(await fetch(to.graphqlUrl, { method: 'POST', headers, body }))
}
