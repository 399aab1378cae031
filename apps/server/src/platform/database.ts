import type { Writable } from 'node:stream'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.ts'
import { createTurns } from './turns.ts'

/** A statement that PostgreSQL parses and plans once per connection. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Runs statements in one transaction. Statements that are not awaited one by one travel together (pipelined). */
export interface Transaction {
  query<Row>(statement: Statement | string, values?: readonly unknown[]): Promise<Row[]>
  /** Sends a statement whose rows nobody waits for: the commit follows in the same packet, and fails if it fails. */
  send(statement: Statement | string, values?: readonly unknown[]): void
}

export interface Database {
  readonly prisma: PrismaClient
  /** READ COMMITTED: commands lock what they read. Repeated, at most twice, when PostgreSQL asks for it. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  /**
   * Does the work and takes all of it back: what a command would have done, seen from inside its transaction. Few at once:
   * whoever only looks must not keep all connections from those who act.
   */
  dryRun<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  /** One consistent snapshot, for reads of several tables. */
  snapshot<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  query<Row>(statement: Statement | string, values?: readonly unknown[]): Promise<Row[]>
  close(): Promise<void>
}

const ATTEMPTS = 3
const DRY_RUNS = 3
const TIMESTAMPTZ = 1184
const INT8 = 20

/** Instants are epoch milliseconds and int8 are numbers everywhere behind hand-written SQL; numeric stays text, exact. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === TIMESTAMPTZ) return (text: string) => Date.parse(text)
    if (oid === INT8) return Number
    return pg.types.getTypeParser(oid, format)
  }) as pg.CustomTypesConfig['getTypeParser'],
}

export interface DatabaseOptions {
  readonly connections?: number
  /** For statements that name every row by key, in batches: the planner is kept from scanning tables that grow. */
  readonly byKey?: boolean
  /**
   * The longest that we wait for a statement, and PostgreSQL for the next one of a transaction: of two machines that lose
   * sight of each other, one gives the connection up and the other gives the locks back. Without it, neither ever does.
   */
  readonly patienceMs?: number
}

// A batch comes as arrays whose length the planner has to guess, and a table that was small when it guessed is large soon.
const BY_KEY = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off'

export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    types,
    pipeline: true,
    application_name: 'florin',
    // Also how long a command waits for its turn, in a burst of more than there are connections.
    connectionTimeoutMillis: options.patienceMs ?? 10_000,
    keepAlive: true,
    query_timeout: options.patienceMs,
    idle_in_transaction_session_timeout: options.patienceMs,
    ...(options.byKey ? { options: BY_KEY } : {}),
  } as pg.PoolConfig)
  // A connection that dies fails what runs on it, and the pool replaces it. It tells that as an event too, also while a
  // transaction has it: without a listener, that would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const dryRuns = createTurns(DRY_RUNS)
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 4 }) })
  return {
    prisma,
    transaction: (work) => repeated(() => inTransaction(pool, 'begin', work)),
    dryRun: (work) => dryRuns(() => repeated(() => inTransaction(pool, 'begin', work, 'rollback'))),
    snapshot: (work) => repeated(() => inTransaction(pool, 'begin isolation level repeatable read read only', work)),
    query: async (statement, values) => (await pool.query(queryOf(statement, values))).rows,
    close: async () => {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/** A PostgreSQL array literal of values that need no quoting: numbers, decimals, uuids, instants. */
export function arrayOf(values: readonly (string | number | bigint | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`
}

async function inTransaction<Result>(
  pool: pg.Pool,
  begin: string,
  work: (tx: Transaction) => Promise<Result>,
  end: 'commit' | 'rollback' = 'commit',
): Promise<Result> {
  const client = await pool.connect()
  let broken: Error | undefined
  const opened = client.query(begin)
  opened.catch(() => {})
  const sent: Promise<unknown>[] = [opened]
  try {
    const result = await work({
      query: async (statement, values) => {
        inOnePacket(client)
        return (await client.query(queryOf(statement, values))).rows
      },
      send: (statement, values) => {
        inOnePacket(client)
        const answer = client.query(queryOf(statement, values))
        answer.catch(() => {})
        sent.push(answer)
      },
    })
    const committed = end === 'commit' ? commit(client) : client.query('rollback')
    committed.catch(() => {})
    await Promise.all(sent)
    await committed
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw await firstFailure(sent, error)
  } finally {
    client.release(broken)
  }
}

/** Statements of one turn of the event loop leave in one write, not in one each. */
function inOnePacket(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}

/** What failed first: a statement that nobody waited for makes all that follow it fail for another reason. */
async function firstFailure(sent: readonly Promise<unknown>[], error: unknown): Promise<unknown> {
  const answers = await Promise.allSettled(sent)
  return answers.find((answer) => answer.status === 'rejected')?.reason ?? error
}

// A transaction in which a statement failed answers COMMIT with ROLLBACK, not with an error.
async function commit(client: pg.PoolClient): Promise<void> {
  const answer = await client.query('commit')
  if (answer.command !== 'COMMIT')
    throw new Error('the transaction was rolled back: a statement in it failed unnoticed')
}

async function repeated<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries >= ATTEMPTS || !mayBeRepeated(error)) throw error
    }
  }
}

/** Serialization failure or deadlock: nothing was written, and the same again may succeed. */
function mayBeRepeated(error: unknown): boolean {
  const code = (error as { code?: string }).code
  return code === '40001' || code === '40P01'
}

/** Whether the database could not be reached, or went away: the same again would meet the same. */
export function isUnreachable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (typeof code === 'string' && /^(08|57P0|53300|E[A-Z]+$)/.test(code)) return true
  return /connection (terminated|error)|query read timeout|timeout exceeded when trying to connect/i.test(message ?? '')
}

function queryOf(statement: Statement | string, values: readonly unknown[] = []): pg.QueryConfig {
  if (typeof statement === 'string') return { text: statement, values: values as unknown[] }
  return { name: statement.name, text: statement.text, values: values as unknown[] }
}
