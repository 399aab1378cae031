import { createHash } from 'node:crypto'
import type { Database, Transaction } from './database.ts'
import { Fault } from './errors.ts'

/** What makes a repeated call the same call. */
export interface CommandKey {
  readonly projectId: string
  readonly operation: string
  /** The customer it is about, or empty. */
  readonly scope: string
  readonly key: string
  readonly input: unknown
}

/**
 * The one funnel for commands that are not on the hot path: one transaction, and with a key the answer of the first
 * call for every later one. A second call with the same key waits for the first to commit.
 *
 * @throws Fault IDEMPOTENCY_CONFLICT if the key was used with another input.
 */
export async function runCommand<Answer>(
  database: Database,
  key: CommandKey | null,
  work: (tx: Transaction) => Promise<Answer>,
): Promise<Answer> {
  return database.transaction(async (tx) => {
    if (!key) return work(tx)
    const stored = await claimKey<Answer>(tx, key)
    if (stored) return stored.answer
    const answer = await work(tx)
    await tx.query(
      `update idempotency_key set answer = $5
       where project_id = $1 and operation = $2 and scope = $3 and key = $4`,
      [key.projectId, key.operation, key.scope, key.key, JSON.stringify(answer)],
    )
    return answer
  })
}

async function claimKey<Answer>(tx: Transaction, key: CommandKey): Promise<{ answer: Answer } | null> {
  const hash = inputHash(key.input)
  const names = [key.projectId, key.operation, key.scope, key.key]
  const claimed = await tx.query(
    `insert into idempotency_key (project_id, operation, scope, key, input_hash) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning 1`,
    [...names, hash],
  )
  if (claimed.length > 0) return null
  const [row] = await tx.query<{ input_hash: string; answer: Answer }>(
    `select input_hash, answer from idempotency_key
     where project_id = $1 and operation = $2 and scope = $3 and key = $4`,
    names,
  )
  if (row?.input_hash !== hash) throw keyConflict(key.key)
  return { answer: row.answer }
}

export function keyConflict(key: string): Fault {
  return new Fault(
    'IDEMPOTENCY_CONFLICT',
    `the idempotency key "${key}" was used before with another input: send a new key for a new request`,
    'idempotencyKey',
  )
}

/** Equal for inputs that say the same, whatever the order of their fields. */
export function inputHash(input: unknown): string {
  return createHash('sha256').update(canonicalJson(input)).digest('base64url')
}

/** JSON with sorted keys and without undefined fields. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item) => {
    if (typeof item === 'bigint') return String(item)
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return item
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  })
}

const KEY = /^[\x20-\x7e]{1,255}$/

/** Checks a key that a caller sent. */
export function checkKey(key: string, field = 'idempotencyKey'): string {
  if (KEY.test(key)) return key
  throw new Fault('INVALID_INPUT', `${field} must be 1 to 255 printable ASCII characters`, field)
}
