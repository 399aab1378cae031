import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyMigrations } from '../src/platform/migrations.ts'
import { createTestDatabase, type TestDatabase } from './stack.ts'

const AUDIT = fileURLToPath(new URL('../src/audit.ts', import.meta.url))

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await applyMigrations(database.databaseUrl)
})
afterAll(() => database.drop())

/** What `npm run audit` prints, and how it ends. */
async function audit(): Promise<{ lines: readonly string[]; code: number }> {
  const env = { ...process.env, DATABASE_URL: database.databaseUrl }
  const child = spawn(process.execPath, ['--import', 'tsx', AUDIT], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { lines: output.trimEnd().split('\n'), code }
}

test('an audit tells of each rule, its size and its time, and ends well', async () => {
  const { lines, code } = await audit()
  expect(lines[0]).toMatch(
    /^florin: {2}1\/\d+ ok {5}I1 {2}an entry's balance .* \(0 rows of ledger_entry, \d+\.\d s\)$/,
  )
  expect(lines.at(-1)).toMatch(/^florin: (\d+) of \1 rules hold, checked in \d+\.\d s$/)
  expect(code).toBe(0)
})

test('an audit names the first row that breaks a rule, with what to do, and fails', async () => {
  await database.query(`
    with p as (insert into project (id, name, mode, token_secret) values (gen_random_uuid(), 'Broken', 'SANDBOX', '') returning id),
      c as (insert into customer (project_id, id) select id, 'ada-' || n from p, generate_series(1, 11) n returning pk)
    insert into account_credit (customer_pk, currency, amount_minor) select pk, 'USD', 5 from c`)
  const { lines, code } = await audit()
  const broken = lines.filter((line) => line.includes('BROKEN'))
  expect(broken).toEqual([
    expect.stringMatching(
      /BROKEN I6 {2}account credit is the sum of its entries by 11 rows \(11 rows of account_credit, /,
    ),
  ])
  const end = lines.slice(lines.findIndex((line) => line.includes('rules hold')))
  expect(end.slice(0, 4)).toEqual([
    expect.stringMatching(/^florin: (\d+) of (\d+) rules hold, checked in /),
    'florin: broken: account credit is the sum of its entries',
    'florin:   The entries decide: set the credit to their sum.',
    'florin:   first: {"customer_pk":1,"currency":"USD","amount_minor":5,"entries":"0"}',
  ])
  expect(end).toHaveLength(4 + 9)
  expect(code).toBe(1)
})
