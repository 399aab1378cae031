import { mkdtemp, rm } from 'node:fs/promises'
import { Writable } from 'node:stream'
import pg from 'pg'
import { pino } from 'pino'
import { inject } from 'vitest'
// Declares what `inject` knows.
import type {} from '../../../tests/services/global-setup.ts'
import { type App, createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { createProject, createSecretKey } from '../src/modules/accounts/create-project.ts'
import type { Project } from '../src/modules/accounts/viewer.ts'
import { auditLedger } from '../src/modules/audit/audit-ledger.ts'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { freePort } from '../src/platform/free-port.ts'
import { newId } from '../src/platform/ids.ts'
import { applyMigrations } from '../src/platform/migrations.ts'
import type { ResolveHost } from '../src/platform/outbound-post.ts'
import { createFlorinServer } from '../src/server.ts'
import { createReadInstallation } from '../src/start/installation.ts'
import { connectProviders } from '../src/start/payment-providers.ts'
import { startWorker } from '../src/worker.ts'
import { type Answer, ask } from './ask.ts'
import { rememberLog } from './tell-failures.ts'

export const WEBHOOK_SECRET = 'whsec_of_the_tests'
/** Banks answer when a test lets them (`letBanksAnswer`), and not while it looks elsewhere. */
const DEBIT_SECONDS = 3_600
/** Opens every payment sandbox of these tests. */
export const SANDBOX_KEY = 'sk_test_florin_tests'
export const ENCRYPTION_KEY = Buffer.alloc(32, 'florin').toString('base64')
export const WEBHOOK_PATH = '/webhooks/stripe-sandbox'

/** One Florin process, as far as anybody outside can tell. */
export interface Peer {
  readonly url: string
  readonly graphqlUrl: string
  readonly app: App
  /** What it has logged, one JSON line each. */
  readonly logged: readonly string[]
  /** Asks in the name of the sandbox project, or with another `Authorization` header. */
  query<Data>(document: string, variables?: object, authorization?: string | null): Promise<Answer<Data>>
  close(): Promise<void>
}

/** A database of its own, with one Florin on it, or several. */
export interface Stack extends Peer {
  readonly secretKey: string
  readonly project: Project
  /** For what a test can't see through the API: rows, and the passing of time. */
  readonly database: Database
  /** Another process on the same database, with the first one's payment sandbox. */
  addPeer(): Promise<Peer>
  addProject(mode: 'SANDBOX' | 'LIVE'): Promise<{ project: Project; secretKey: string }>
  /** Stops everything, and throws if the books don't add up or something failed that nobody expected. */
  close(): Promise<void>
}

export interface StackOptions {
  readonly redisUrl?: string
  /** How far the sandbox clock is ahead of real time. */
  readonly clockOffsetMs?: number
  /** A superuser's URL of the server to use; left out: that of the test run. */
  readonly postgresUrl?: string
  /** Failures that the test makes itself, as they are logged. */
  readonly excused?: RegExp
  /** A payment sandbox outside of the stack; left out: the first process serves one. */
  readonly sandboxUrl?: string
  /** How names of webhook endpoints are resolved; left out: as the machine does. */
  readonly resolveHost?: ResolveHost
  /** A mail server, as SMTP_URL names it; left out: mails are kept. */
  readonly smtpUrl?: string
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { redisUrl, clockOffsetMs = 0, excused, resolveHost, smtpUrl } = options
  const { databaseUrl, drop } = await createMigratedDatabase(options.postgresUrl)
  const database = openDatabase(databaseUrl, { connections: 3 })
  const project = await createProject(database, { name: 'Tests', mode: 'SANDBOX', clockOffsetMs })
  const secretKey = await createSecretKey(database, project, 'tests')
  const setting: PeerSetting = { databaseUrl, redisUrl, secretKey, resolveHost, smtpUrl }
  const first = await startPeer(setting, options.sandboxUrl ?? null)
  const peers = [first]
  return {
    ...first,
    secretKey,
    project,
    database,
    addPeer: async () => {
      const peer = await startPeer(setting, options.sandboxUrl ?? first.url)
      peers.push(peer)
      return peer
    },
    addProject: async (mode) => {
      const other = await createProject(database, { name: 'Another', mode })
      return { project: other, secretKey: await createSecretKey(database, other, 'tests') }
    },
    close: async () => {
      const [breach] = await auditLedger(database)
      for (const peer of peers.reverse()) await peer.close()
      await database.close()
      await drop()
      if (breach) throw new Error(`the books don't add up: ${breach.rule}: ${JSON.stringify(breach.row)}`)
      const failure = peers
        .flatMap(({ logged }) => logged)
        .find((line) => line.includes('"level":50') && !excused?.test(line))
      if (failure) throw new Error(`the server logged an unexpected failure: ${failure.slice(0, 800)}`)
    },
  }
}

interface PeerSetting {
  readonly databaseUrl: string
  readonly redisUrl: string | undefined
  readonly secretKey: string
  readonly resolveHost: ResolveHost | undefined
  readonly smtpUrl: string | undefined
}

/** Composed as `npm start` does, but for its log and its database. */
async function startPeer(
  { databaseUrl, redisUrl, secretKey, resolveHost, smtpUrl }: PeerSetting,
  sandboxUrl: string | null,
): Promise<Peer> {
  const home = await mkdtemp('/tmp/florin-test-home-')
  const config = readConfig({
    FLORIN_PORT: String(await freePort()),
    FLORIN_HOME: home,
    FLORIN_STRIPE_SANDBOX_URL: sandboxUrl ?? '',
    ...(smtpUrl ? { SMTP_URL: smtpUrl, FLORIN_EMAIL_FROM: 'billing@florin.example' } : {}),
  })
  const { publicUrl } = config
  const providers = connectProviders(config, {
    key: SANDBOX_KEY,
    webhookSecret: WEBHOOK_SECRET,
    debitSeconds: DEBIT_SECONDS,
    installation: createReadInstallation(databaseUrl),
  })
  const logged: string[] = []
  rememberLog(logged)
  const log = pino({ level: 'debug', base: null }, keepLines(logged))
  const app = createApp({
    databaseUrl,
    redisUrl: redisUrl ?? null,
    publicUrl,
    log,
    providers,
    encryptionKey: ENCRYPTION_KEY,
    mail: config.mail,
    ...(resolveHost ? { resolveHost } : {}),
  })
  const server = createFlorinServer(app, { webhooks: providers.webhooks, sandbox: providers.route })
  await server.listen(config.port, config.host)
  const worker = startWorker(app)
  return {
    url: publicUrl,
    graphqlUrl: `${publicUrl}/graphql`,
    app,
    logged,
    query: (document, variables = {}, authorization = `Bearer ${secretKey}`) =>
      ask(`${publicUrl}/graphql`, { document, variables, authorization }),
    close: onceOnly(async () => {
      await worker.stop()
      await server.close()
      await providers.close()
      await app.close()
      await rm(home, { recursive: true, force: true })
    }),
  }
}

/** A peer that a test has ended is ended again with its stack. */
function onceOnly(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}

function keepLines(lines: string[]): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
}

/** An empty database on the server of the run. */
export interface TestDatabase {
  readonly databaseUrl: string
  query(statement: string): Promise<void>
  drop(): Promise<void>
}

/** A database with all migrations, copied where the run has one to copy. */
async function createMigratedDatabase(postgresUrl: string | undefined): Promise<TestDatabase> {
  if (postgresUrl === undefined) return createTestDatabase(inject('postgresUrl'), inject('migratedDatabase'))
  const created = await createTestDatabase(postgresUrl)
  await applyMigrations(created.databaseUrl)
  return created
}

export async function createTestDatabase(
  postgresUrl = inject('postgresUrl'),
  template = 'template1',
): Promise<TestDatabase> {
  const name = `test_${newId().replaceAll('-', '')}`
  const url = new URL(postgresUrl)
  await run(postgresUrl, `create database ${name} template ${template}`)
  url.pathname = `/${name}`
  return {
    databaseUrl: url.href,
    query: (statement) => run(url.href, statement),
    drop: () => run(postgresUrl, `drop database ${name} with (force)`),
  }
}

async function run(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
