import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../api.ts'
import { type Answer, type Data, DOCUMENTS, type Operation, textOf } from './operations.ts'

/** What is known about an operation: that it was meant, how often its outcome was unknown, and what it was answered. */
export interface Entry {
  readonly operation: Operation
  /** By performance.now(), when it was first sent and when it was answered. */
  readonly meantAt: number
  answeredAt: number
  unknowns: number
  answer: Answer | null
}

/** Everything that was meant, in order, and the answers to a repeated key that differ from its first. */
export interface Journal {
  readonly entries: Entry[]
  readonly contradictions: { readonly entry: Entry; readonly later: string }[]
}

const PATIENCE_MS = 5_000
const PAUSE_MS = 50

/** Sends an operation with its one key until the outcome is certain, to one API process after the other. */
export async function perform(
  journal: Journal,
  apis: readonly Api[],
  operation: Operation,
  start: number,
): Promise<Entry> {
  const entry: Entry = { operation, meantAt: performance.now(), answeredAt: 0, unknowns: 0, answer: null }
  journal.entries.push(entry)
  entry.answer = await untilCertain(apis, operation, start, () => entry.unknowns++)
  entry.answeredAt = performance.now()
  return entry
}

/** Sends again what was answered, and notes an answer that is not the first one. */
export async function repeat(journal: Journal, apis: readonly Api[], entry: Entry, start: number): Promise<void> {
  const { operation, answer } = entry
  if (!answer) return
  const later = textOf(await untilCertain(apis, operation, start, () => {}))
  if (later !== textOf(answer)) journal.contradictions.push({ entry, later })
}

async function untilCertain(
  apis: readonly Api[],
  operation: Operation,
  start: number,
  unknown: () => void,
): Promise<Answer> {
  for (let attempt = start; ; attempt++) {
    const answer = await send(apis[attempt % apis.length] as Api, operation)
    if (typeof answer === 'object') return answer
    if (answer === 'unknown') unknown()
    await sleep(PAUSE_MS)
  }
}

/** Unknown: nobody can say whether it was done. Unsent: nobody was there to take it. */
async function send({ port, secretKey }: Api, { kind, variables }: Operation): Promise<Answer | 'unknown' | 'unsent'> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secretKey}` },
      body: JSON.stringify({ query: DOCUMENTS[kind], variables }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const { data, errors } = (await response.json()) as {
      data?: Record<string, Data> | null
      errors?: readonly { message: string; extensions?: { code?: string } }[]
    }
    const found = data?.[kind]
    if (found && !errors) return { fault: null, data: found }
    const code = errors?.[0]?.extensions?.code ?? 'INTERNAL'
    return code === 'INTERNAL' ? 'unknown' : { fault: code, data: {} }
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    return cause?.code === 'ECONNREFUSED' ? 'unsent' : 'unknown'
  }
}
