import { createHmac, randomBytes } from 'node:crypto'

// Standard Webhooks, https://www.standardwebhooks.com: what their libraries verify.

const PREFIX = 'whsec_'

/** A new signing secret, 256 bits. */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(32).toString('base64')}`
}

/** The headers of a delivery. Each secret signs it, so that a receiver with any one of them can verify it. */
export function signWebhook(
  secrets: readonly string[],
  { id, at, body }: { id: string; at: number; body: string },
): Record<string, string> {
  const timestamp = Math.floor(at / 1000)
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  }
}
