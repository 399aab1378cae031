import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { createLog } from './platform/log.ts'
import { warnOfMissingMailServer } from './start/emails.ts'
import { readHome } from './start/home.ts'
import { createReadInstallation } from './start/installation.ts'
import { connectProviders } from './start/payment-providers.ts'
import { startWorker } from './worker.ts'

// The entry of `npm run worker`: due work and nothing else, beside API processes on the same database. It serves nothing
// and migrates nothing: that is theirs. Any number of these share the work; one that is killed leaves claims that run out.

/** Starts the worker. Answers how to stop it: when what it has begun is done. */
function work(config: Config): () => Promise<void> {
  const { databaseUrl, redisUrl, publicUrl, stripeSandboxUrl, stripeSecretKey } = config
  if (!databaseUrl) throw new Error('DATABASE_URL is missing: a worker works on the database of the API processes')
  // The payment sandbox is never here: an API process runs it, by default the one at FLORIN_PUBLIC_URL. Events of the
  // provider arrive there too, so this process needs no secret of the sandbox's. That of Stripe is asked for everywhere: a
  // setting that one process lacks is soon missing in all.
  const home = readHome(config.home)
  const key = config.stripeSandboxKey ?? home.stripeSandboxKey ?? null
  const providers = connectProviders(
    { ...config, stripeSandboxUrl: stripeSandboxUrl ?? publicUrl },
    { key: key ?? 'sk_test_missing', webhookSecret: null, installation: createReadInstallation(databaseUrl) },
  )
  const encryptionKey = config.encryptionKey ?? home.encryptionKey ?? null
  const log = createLog(config.logLevel)
  const app = createApp({ databaseUrl, redisUrl, publicUrl, log, providers, encryptionKey, mail: config.mail })
  if (encryptionKey === null) {
    log.warn(
      'FLORIN_ENCRYPTION_KEY is missing, so this worker delivers no webhooks: set it to the key of the API processes',
    )
  }
  if (key === null && stripeSecretKey === null) {
    log.warn(
      'FLORIN_STRIPE_SANDBOX_KEY is missing, so this worker collects nothing of sandbox projects: set it to the key of the process that runs the payment sandbox (npm start keeps one in secrets.json of its data directory)',
    )
  }
  warnOfMissingMailServer(app).catch((error: unknown) =>
    log.warn({ err: error }, 'live projects could not be looked for'),
  )
  const worker = startWorker(app, { webhooks: encryptionKey !== null })
  return async () => {
    await worker.stop()
    await app.close()
    await providers.close()
  }
}

try {
  const stop = work(readConfig())
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      void stop().then(() => process.exit(0))
    })
  }
  process.stdout.write('florin: working\n')
} catch (error) {
  process.stderr.write(`florin: ${(error as Error).message}\n`)
  process.exitCode = 1
}
