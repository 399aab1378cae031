import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { openDatabase } from './platform/database.ts'
import { startEmbeddedPostgres } from './platform/embedded-postgres.ts'
import { createLog } from './platform/log.ts'
import { applyMigrations } from './platform/migrations.ts'
import { createFlorinServer } from './server.ts'
import { startDemo } from './start/demo.ts'
import { emailPreviewUrl, warnOfMissingMailServer } from './start/emails.ts'
import { openHome, writePrivate } from './start/home.ts'
import { createReadInstallation } from './start/installation.ts'
import { connectProviders } from './start/payment-providers.ts'
import { refuseTakenPort } from './start/ports.ts'
import { seedSandbox } from './start/sandbox-project.ts'
import { startWorker } from './worker.ts'

// The entry of `npm start`: everything in one process tree, for development and small installations.

type Stop = () => Promise<unknown>

const say = (line: string) => process.stdout.write(`florin: ${line}\n`)

/**
 * Starts every part; what was started is stopped in reverse order, also when a later part fails to start.
 * Between the parts that take their time, `goOn` throws if the start is no longer wanted.
 */
async function start(config: Config, stops: Stop[], goOn: () => void): Promise<void> {
  const readyFile = join(config.home, 'ready.json')
  await refuseTakenPort(config.port, config.host)
  const { secrets, save } = openHome(config.home)

  const databaseUrl = config.databaseUrl ?? (await startDatabase(config, stops))
  goOn()
  rmSync(readyFile, { force: true })
  const applied = await applyMigrations(databaseUrl).catch((error: Error) => {
    throw config.databaseUrl ? new Error(`DATABASE_URL can't be used: ${error.message.split('\n')[0]}`) : error
  })
  if (applied.length > 0) say(`migrated: ${applied.join(', ')}`)
  goOn()
  const setup = openDatabase(databaseUrl, { connections: 1 })
  const secretKey = await seedSandbox(setup, secrets.secretKey, config.sandboxClock).finally(() => setup.close())
  save({ ...secrets, secretKey })

  const providers = connectProviders(config, {
    key: config.stripeSandboxKey ?? secrets.stripeSandboxKey,
    webhookSecret: secrets.sandboxWebhookSecret,
    installation: createReadInstallation(databaseUrl),
  })
  stops.push(() => providers.close())
  const { redisUrl, publicUrl } = config
  const encryptionKey = config.encryptionKey ?? secrets.encryptionKey
  const log = createLog(config.logLevel)
  const app = createApp({ databaseUrl, redisUrl, publicUrl, log, providers, encryptionKey, mail: config.mail })
  stops.push(() => app.close())
  await warnOfMissingMailServer(app)
  const server = createFlorinServer(app, { webhooks: providers.webhooks, sandbox: providers.route })
  await server.listen(config.port, config.host)
  stops.push(() => server.close())
  const worker = config.worker ? startWorker(app) : null
  if (worker) stops.push(() => worker.stop())

  goOn()
  const graphqlUrl = `${publicUrl}/graphql`
  const demo = config.demo ? await startDemo(config, graphqlUrl, secretKey) : null
  if (demo) stops.push(() => demo.stop())
  goOn()
  writePrivate(readyFile, { graphqlUrl, secretKey, pid: process.pid, ...(demo ? { demoUrl: demo.url } : {}) })
  stops.push(async () => rmSync(readyFile, { force: true }))
  const emailsUrl = await emailPreviewUrl(app)
  say('ready')
  process.stdout.write(
    [
      '',
      ...(demo ? [`  Demo        ${demo.url}`] : []),
      `  GraphQL     ${graphqlUrl}   (HTTP and WebSocket; open it for GraphiQL)`,
      `  Secret key  ${secretKey}`,
      ...(emailsUrl ? [`  E-mails     ${emailsUrl}`] : []),
      '',
      '  Ctrl-C stops everything.',
      '',
    ].join('\n'),
  )
}

async function startDatabase(config: Config, stops: Stop[]): Promise<string> {
  say('starting PostgreSQL')
  const postgres = await startEmbeddedPostgres({ dataDir: join(config.home, 'postgres') })
  stops.push(() => postgres.stop())
  return postgres.url
}

async function stopAll(stops: Stop[]): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    await stop().catch((error: unknown) => process.stderr.write(`florin: while stopping: ${String(error)}\n`))
  }
}

const stops: Stop[] = []
let stopping = false
const starting = Promise.resolve().then(() =>
  start(readConfig(), stops, () => {
    if (stopping) throw new Error('stopped while it started')
  }),
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    say('stopping')
    // A part that is just starting can't be stopped yet: left alone, it would outlive us.
    void starting
      .catch(() => {})
      .then(() => stopAll(stops))
      .then(() => process.exit(0))
  })
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`florin: unexpected failure, stopping: ${error.stack}\n`)
  if (stopping) return
  stopping = true
  void stopAll(stops).then(() => process.exit(1))
})

try {
  await starting
} catch (error) {
  if (!stopping) {
    stopping = true
    process.stderr.write(`florin: ${(error as Error).message}\n`)
    await stopAll(stops)
    process.exit(1)
  }
}
