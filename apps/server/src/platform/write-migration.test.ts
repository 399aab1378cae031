import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { writeMigration } from './write-migration.ts'

const BASE = `datasource db {
  provider = "postgresql"
}
`
const customer = (more = '') => `${BASE}
model Customer {
  id String @id
  ${more}
}
`

/** A repository whose one migration makes the one table of its schema. */
function createRepository() {
  const folder = mkdtempSync(join(tmpdir(), 'florin-write-migration-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
  const git = (...args: string[]) => execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'pipe' })
  const commit = () => [git('add', '-A'), git('commit', '-m', 'A change')]
  const setSchema = (text: string) => writeFileSync(join(folder, 'schema', 'customers.prisma'), text)
  git('init')
  mkdirSync(join(folder, 'schema'))
  mkdirSync(join(folder, 'migrations', '29990101000000_first'), { recursive: true })
  writeFileSync(join(folder, 'migrations', '29990101000000_first', 'migration.sql'), 'create table "Customer" ()')
  setSchema(customer())
  commit()
  const write = (name: string) => writeMigration({ folder, name, databaseUrl: inject('postgresUrl') })
  return { folder, setSchema, commit, write }
}

test('writes what the schema asks for beyond the committed migrations, once', async () => {
  const { folder, setSchema, commit, write } = createRepository()
  expect(await write('nothing')).toBeNull()
  // Committed without its migration: it is missing all the same.
  setSchema(customer('taxId String?'))
  commit()
  const file = await write('add_tax_id')
  // Behind the newest, though that is from the future.
  expect(file).toBe(join(folder, 'migrations', '29990101000001_add_tax_id', 'migration.sql'))
  expect(readFileSync(file as string, 'utf8')).toContain('ALTER TABLE "Customer" ADD COLUMN     "taxId" TEXT;')
  await expect(write('again')).rejects.toThrow('is not committed')
  commit()
  expect(await write('nothing')).toBeNull()
  expect(readdirSync(join(folder, 'migrations'))).toHaveLength(2)
})

test('asks for a name', async () => {
  const { write } = createRepository()
  await expect(write('')).rejects.toThrow('npm run migration -- add_tax_id')
})
