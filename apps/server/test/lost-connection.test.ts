import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { until } from './at-once.ts'
import { createTestDatabase, type TestDatabase } from './stack.ts'

let created: TestDatabase
let database: Database
let other: Database

beforeAll(async () => {
  created = await createTestDatabase()
  database = openDatabase(created.databaseUrl, { connections: 1 })
  other = openDatabase(created.databaseUrl, { connections: 1 })
})
afterAll(async () => {
  await Promise.all([database.close(), other.close()])
  await created.drop()
})

/** Ends the session from outside, as PostgreSQL's death would, and waits until it is gone. */
async function kill(pid: number): Promise<void> {
  await other.query('select pg_terminate_backend($1)', [pid])
  await until(
    () => other.query('select 1 from pg_stat_activity where pid = $1', [pid]),
    (sessions) => sessions.length === 0,
  )
}

test('a connection that dies while a transaction decides fails that transaction, and nothing else', async () => {
  const failures: unknown[] = []
  const note = (error: unknown) => failures.push(error)
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException').on('uncaughtException', note)
  try {
    const work = database.transaction(async (tx) => {
      const [session] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      await kill(session?.pid ?? 0)
      return tx.query('select 1')
    })
    await expect(work).rejects.toThrow()
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
    expect(failures).toEqual([])
  } finally {
    process.off('uncaughtException', note)
    for (const listener of listeners) process.on('uncaughtException', listener)
  }
})

test('a statement that is not answered in time fails with its transaction, and its connection is not used again', async () => {
  const hasty = openDatabase(created.databaseUrl, { connections: 1, patienceMs: 2_000 })
  const session = () => hasty.query<{ pid: number }>('select pg_backend_pid() as pid')
  const before = await session()
  const work = hasty.transaction(async (tx) => {
    tx.send('create table never_seen ()')
    return tx.query('select pg_sleep(30)')
  })
  await expect(work).rejects.toThrow('timeout')
  expect(await session()).not.toEqual(before)
  await kill(before[0]?.pid ?? 0)
  expect(await hasty.query(`select to_regclass('never_seen') as seen`)).toEqual([{ seen: null }])
  await hasty.close()
})

test('a transaction that its client has left gives its locks back', async () => {
  const hasty = openDatabase(created.databaseUrl, { connections: 1, patienceMs: 2_000 })
  await other.query('create table wanted (pk int primary key)')
  await other.query('insert into wanted values (1)')
  const work = hasty.transaction(async (tx) => {
    await tx.query('select from wanted for update')
    expect(await other.query('delete from wanted returning pk')).toEqual([{ pk: 1 }])
  })
  await expect(work).rejects.toThrow()
  await hasty.close()
})
