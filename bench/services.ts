import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Database, openDatabase } from '../apps/server/src/platform/database.ts'
import { startEmbeddedPostgres } from '../apps/server/src/platform/embedded-postgres.ts'
import { freePort } from '../apps/server/src/platform/free-port.ts'
import type { Api } from './api.ts'
import type { PostgresPlan } from './floors/postgres.ts'
import type { RenewalsPlan } from './floors/renewals.ts'
import type { LoadPlan, LoadResult } from './load/generate-load.ts'
import { endProcess, type Program, startProgram } from './program.ts'

const SERVER_ENTRY = fileURLToPath(new URL('../apps/server/src/start.ts', import.meta.url))
const WORKER_ENTRY = fileURLToPath(new URL('../apps/server/src/work.ts', import.meta.url))
const READY_WITHIN_MS = 60_000

/** Opens the payment sandbox of a bench, for every process that pays there. */
export const SANDBOX_KEY = 'sk_test_florin_bench'

/** Everything that is measured, or measures; each in a process of its own. */
export interface Services {
  readonly api: Api
  readonly databaseUrl: string
  readonly database: Database
  readonly yogaPort: number
  readonly echoPort: number
  readonly load: Program<LoadPlan, LoadResult>
  readonly postgresFloor: Program<PostgresPlan, number>
  readonly renewalsFloor: Program<RenewalsPlan, number>
  /** Another worker process. It waits for something to be due when this answers. */
  startWorker(): Promise<ChildProcess>
}

type Stop = () => Promise<unknown>

/** Starts PostgreSQL, the server, the floors and the load generator. `stops` gets how to end each of them. */
export async function startServices(stops: Stop[]): Promise<Services> {
  const home = await mkdtemp('/tmp/florin-bench-')
  await chmod(home, 0o755) // as root PostgreSQL runs as another account, which must pass
  stops.push(() => rm(home, { recursive: true, force: true }))
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') })
  stops.push(() => postgres.stop())
  const api = await startServer(home, postgres.url, stops)
  const database = openDatabase(postgres.url, { connections: 1 })
  stops.push(() => database.close())
  return {
    api,
    databaseUrl: postgres.url,
    database,
    yogaPort: await started<Record<string, never>, number>('./floors/yoga.ts', stops).ask({}),
    echoPort: await started<Record<string, never>, number>('./floors/echo.ts', stops).ask({}),
    load: started<LoadPlan, LoadResult>('./load/main.ts', stops),
    postgresFloor: started<PostgresPlan, number>('./floors/postgres.ts', stops),
    renewalsFloor: started<RenewalsPlan, number>('./floors/renewals.ts', stops),
    startWorker: () => startWorker(postgres.url, api.port, stops),
  }
}

function started<Question extends object, Answer>(path: string, stops: Stop[]): Program<Question, Answer> {
  const program = startProgram<Question, Answer>(path)
  stops.push(() => program.stop())
  return program
}

/** A process of Florin's in production mode. Whatever the shell is set up for, it pays at the payment sandbox. */
function startFlorin(entry: string, databaseUrl: string, env: Readonly<Record<string, string>>): ChildProcess {
  const common = {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    REDIS_URL: '',
    STRIPE_SECRET_KEY: '',
    FLORIN_STRIPE_SANDBOX_URL: '',
    FLORIN_STRIPE_SANDBOX_KEY: SANDBOX_KEY,
    FLORIN_LOG_LEVEL: 'warn',
  }
  return spawn(process.execPath, ['--import', 'tsx', entry], {
    env: { ...process.env, ...common, ...env },
    // Its own process group: on Ctrl-C the bench ends it, after the load.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function startWorker(databaseUrl: string, sandboxPort: number, stops: Stop[]): Promise<ChildProcess> {
  const env = { FLORIN_STRIPE_SANDBOX_URL: `http://127.0.0.1:${sandboxPort}` }
  const child = startFlorin(WORKER_ENTRY, databaseUrl, env)
  // What it holds is not worth waiting for when the bench ends early: its database is thrown away.
  stops.push(async () => child.kill('SIGKILL'))
  await Promise.race([once(child.stdout as Readable, 'data'), failAtExit(child)])
  return child
}

async function failAtExit(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`a worker ended with code ${code}`)
}

/** The server as `npm start` runs it, without the demo, and without a worker: those are measured by themselves. */
async function startServer(home: string, databaseUrl: string, stops: Stop[]): Promise<Api> {
  const port = await freePort()
  const child = startFlorin(SERVER_ENTRY, databaseUrl, {
    FLORIN_HOME: home,
    FLORIN_PORT: String(port),
    FLORIN_DEMO: 'off',
    FLORIN_WORKER: 'off',
  })
  child.stdout?.resume()
  stops.push(() => endProcess(child))
  return { port, secretKey: await readKey(child, join(home, 'ready.json')) }
}

async function readKey(child: ChildProcess, readyFile: string): Promise<string> {
  const until = performance.now() + READY_WITHIN_MS
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`)
    if (performance.now() > until) throw new Error('the server did not start in time')
    await sleep(50)
  }
  const { secretKey } = JSON.parse(await readFile(readyFile, 'utf8')) as { secretKey: string }
  return secretKey
}
