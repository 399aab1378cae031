import { resolve } from 'node:path'
import type { MailOptions } from './platform/mailer.ts'

/** What the environment says. The only reader of `process.env`. */
export interface Config {
  readonly port: number
  readonly host: string
  /** Data directory: the embedded database, the sandbox's payments, the sandbox key. */
  readonly home: string
  /** Where browsers and other machines reach this server. */
  readonly publicUrl: string
  readonly demo: boolean
  /** Whether `npm start` does due work itself; off: worker processes do. */
  readonly worker: boolean
  readonly databaseUrl: string | null
  readonly redisUrl: string | null
  readonly stripeSecretKey: string | null
  /** One, or two while they are changed. Empty without a key. */
  readonly stripeWebhookSecrets: readonly string[]
  /** Another Florin process whose payment sandbox this one shares. */
  readonly stripeSandboxUrl: string | null
  /** Opens the payment sandbox; null: `npm start` keeps one in the data directory. */
  readonly stripeSandboxKey: string | null
  /** Where a new data directory's sandbox clock starts; null: at real time. */
  readonly sandboxClock: number | null
  /** Encrypts secrets in the database; null: `npm start` keeps one in the data directory. */
  readonly encryptionKey: string | null
  /** The mail server; null: mails to customers are kept, not sent. */
  readonly mail: MailOptions | null
  readonly logLevel: string
  /** Handed on to processes that this one starts. */
  readonly path: string
}

/** Reads and checks the environment. Throws an Error whose message names the variable and the remedy. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const port = readPort(env.FLORIN_PORT)
  const stripeSecretKey = env.STRIPE_SECRET_KEY?.trim() || null
  return {
    port,
    host: env.FLORIN_HOST || '127.0.0.1',
    home: resolve(env.FLORIN_HOME || '.florin'),
    publicUrl: (env.FLORIN_PUBLIC_URL || `http://127.0.0.1:${port}`).replace(/\/$/, ''),
    demo: env.FLORIN_DEMO !== 'off',
    worker: env.FLORIN_WORKER !== 'off',
    databaseUrl: env.DATABASE_URL || null,
    redisUrl: env.REDIS_URL || null,
    stripeSecretKey,
    stripeWebhookSecrets: stripeSecretKey === null ? [] : readWebhookSecrets(env.STRIPE_WEBHOOK_SECRET),
    stripeSandboxUrl: env.FLORIN_STRIPE_SANDBOX_URL || null,
    stripeSandboxKey: env.FLORIN_STRIPE_SANDBOX_KEY || null,
    sandboxClock: readInstant(env.FLORIN_SANDBOX_CLOCK),
    encryptionKey: env.FLORIN_ENCRYPTION_KEY || null,
    mail: readMail(env.SMTP_URL, env.FLORIN_EMAIL_FROM),
    logLevel: env.FLORIN_LOG_LEVEL || 'info',
    path: env.PATH ?? '',
  }
}

/** The URL may hold a password: no message repeats it. */
function readMail(smtpUrl: string | undefined, from: string | undefined): MailOptions | null {
  if (!smtpUrl) return null
  const url = URL.canParse(smtpUrl) ? new URL(smtpUrl) : null
  const secure = url?.protocol === 'smtps:'
  if (!url?.hostname || !(secure || url.protocol === 'smtp:') || url.pathname.length > 1 || url.search || url.hash) {
    throw new Error(
      'SMTP_URL is no address of a mail server: give smtp://user:password@host:587 or smtps://… for TLS from the start',
    )
  }
  if (!from) throw new Error('FLORIN_EMAIL_FROM is missing: with SMTP_URL set, give the address that mails come from')
  if (!/^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(from)) {
    throw new Error(
      `FLORIN_EMAIL_FROM is "${from}": give an address alone, such as billing@example.com; names come from brands`,
    )
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    user: url.username ? decodeURIComponent(url.username) : null,
    password: url.password ? decodeURIComponent(url.password) : null,
    from,
  }
}

function readPort(text: string | undefined): number {
  if (!text) return 4000
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  throw new Error(`FLORIN_PORT is "${text}": give a port between 1 and 65535`)
}

function readInstant(text: string | undefined): number | null {
  if (!text) return null
  const instant = Date.parse(text)
  if (!Number.isNaN(instant)) return instant
  throw new Error(`FLORIN_SANDBOX_CLOCK is "${text}": give an instant such as 2027-01-31T00:00:00Z`)
}

/** Messages never repeat a secret. */
function readWebhookSecrets(text = ''): string[] {
  const secrets = text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '')
  if (secrets.length === 0) {
    throw new Error(
      'STRIPE_WEBHOOK_SECRET is missing: with STRIPE_SECRET_KEY set, Florin needs the signing secret (whsec_…) of the webhook endpoint that points at /webhooks/stripe',
    )
  }
  if (secrets.length > 2 || !secrets.every((secret) => /^whsec_\S+$/.test(secret))) {
    throw new Error(
      'STRIPE_WEBHOOK_SECRET is not a signing secret: give one that begins with whsec_, or two with a comma between them while you change it',
    )
  }
  return secrets
}
