import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmbeddedPostgres, runningPostgresUrl, startEmbeddedPostgres } from './embedded-postgres.ts'
import { signal } from './postmaster.ts'

let home: string
const started: EmbeddedPostgres[] = []

async function start(log?: (line: string) => void): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres'), ...(log ? { log } : {}) })
  started.push(postgres)
  return postgres
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // a test may kill the server under an idle connection
  await client.connect()
  const { rows } = await client.query(sql).finally(() => client.end())
  return rows
}

async function waitUntilGone(pid: number): Promise<void> {
  while (signal(pid, 0)) await new Promise((done) => setTimeout(done, 20))
}

/** A second Node process that starts a server on the same directory and reports where it is; it exits on any message. */
async function startElsewhere(): Promise<{ starter: ChildProcess; pid: number; socketDir: string }> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url).href)}
    const postgres = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(join(home, 'postgres'))} })
    process.send({ pid: postgres.pid, socketDir: postgres.socketDir })
    process.on('message', () => process.exit(0))
  `
  const starter = fork('-', [], { execArgv: ['--import', 'tsx', '--input-type=module', '--eval', program] })
  const [server] = await once(starter, 'message')
  return { starter, ...server }
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'florin-postgres-test-'))
  await chmod(home, 0o755) // as root the server runs as another account, which must pass
})

afterEach(async () => {
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()))
  await rm(home, { recursive: true, force: true })
})

describe('startEmbeddedPostgres', () => {
  it('is found by whoever wants to look into it while it runs, and not after', async () => {
    const postgres = await start()
    const url = await runningPostgresUrl(join(home, 'postgres'))
    expect(await ask(url as string, 'select 1 as here')).toEqual([{ here: 1 }])
    await postgres.stop()
    expect(await runningPostgresUrl(join(home, 'postgres'))).toBeNull()
  })

  it('serves a durable UTF-8 database by socket and by TCP', async () => {
    const postgres = await start()
    const sql = `select current_setting('fsync') fsync, current_setting('synchronous_commit') commit,
      (select datlocale from pg_database where datname = current_database()) locale, current_database() name`
    const expected = [{ fsync: 'on', commit: 'on', locale: 'C.UTF-8', name: 'florin' }]
    expect(await ask(postgres.url, sql)).toEqual(expected)
    expect(await ask(postgres.tcpUrl, sql)).toEqual(expected)
  })

  it('asks for the password over TCP', async () => {
    const postgres = await start()
    const guess = postgres.tcpUrl.replace(/:[0-9a-f]{36}@/, ':guess@')
    await expect(ask(guess, 'select 1')).rejects.toThrow('password authentication failed')
  })

  it('keeps its data from one start to the next', async () => {
    const first = await start()
    await ask(first.url, `create table kept as select 'yes' as answer`)
    await first.stop()
    await first.stop()
    expect(signal(first.pid, 0)).toBe(false)
    const second = await start()
    expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 'yes' }])
    expect(await ask(second.tcpUrl, 'select answer from kept')).toEqual([{ answer: 'yes' }])
  })

  it('recovers after the server was killed', async () => {
    const lines: string[] = []
    const first = await start((line) => lines.push(line))
    await ask(first.url, 'create table kept as select 1 as one')
    process.kill(first.pid, 'SIGKILL')
    await waitUntilGone(first.pid)
    const second = await start()
    expect(await ask(second.url, 'select one from kept')).toEqual([{ one: 1 }])
    expect(lines).toContain('PostgreSQL stopped unexpectedly')
  })

  it('stops a server whose starter was killed, then starts its own', async () => {
    const orphan = await startElsewhere()
    orphan.starter.kill('SIGKILL')
    await once(orphan.starter, 'exit')
    expect(signal(orphan.pid, 0)).toBe(true)
    const postgres = await start()
    expect(signal(orphan.pid, 0)).toBe(false)
    await expect(access(orphan.socketDir)).rejects.toThrow('ENOENT')
    expect(await ask(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('refuses a directory that a living process uses, and leaves its server alone', async () => {
    const first = await start()
    await expect(start()).rejects.toThrow(`in use by process ${process.pid}`)
    expect(await ask(first.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('serves one of two first starts in one directory, and the other says why it does not', async () => {
    const both = await Promise.allSettled([start(), start()])
    const refused = both.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(1)
    expect(refused[0]?.reason.message).toContain(join(home, 'postgres'))
    expect(await ask(started[0]?.tcpUrl as string, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('clears away what a first start left that was killed', async () => {
    await mkdir(join(home, 'postgres.new-killed/base'), { recursive: true })
    await writeFile(join(home, 'postgres.new-killed.password'), 'unused')
    await start()
    expect(await readdir(home)).toEqual(['postgres'])
  })

  it('ends with a starter that exits without stopping it', async () => {
    const other = await startElsewhere()
    other.starter.send('exit')
    await once(other.starter, 'exit')
    await waitUntilGone(other.pid)
    await expect(access(other.socketDir)).rejects.toThrow('ENOENT')
    const postgres = await start()
    expect(await ask(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})
