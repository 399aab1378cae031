import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newSecret } from '../platform/ids.ts'

/** Secrets of a data directory: readable by its owner only, the same at every start. */
export interface HomeSecrets {
  /** The sandbox project's secret key; null before the first start. */
  secretKey: string | null
  /** Signs what the payment sandbox sends. */
  sandboxWebhookSecret: string
  /** Opens the payment sandbox, where the environment has no FLORIN_STRIPE_SANDBOX_KEY. */
  stripeSandboxKey: string
  /** Encrypts secrets in the database, where the environment has no FLORIN_ENCRYPTION_KEY. */
  encryptionKey: string
}

export function openHome(home: string): { secrets: HomeSecrets; save(secrets: HomeSecrets): void } {
  mkdirSync(home, { recursive: true })
  const path = join(home, 'secrets.json')
  const save = (secrets: HomeSecrets) => writePrivate(path, secrets)
  return { secrets: readSecrets(path), save }
}

/** The secrets of a data directory that a start has filled. */
export function readHome(home: string): Partial<HomeSecrets> {
  return readKnown(join(home, 'secrets.json'))
}

/** Written whole or not at all, and for the owner's eyes. */
export function writePrivate(path: string, content: object): void {
  const temporary = `${path}.new`
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, path)
}

// A directory of an older version has not all of them.
function readSecrets(path: string): HomeSecrets {
  return {
    secretKey: null,
    sandboxWebhookSecret: `whsec_${newSecret()}`,
    stripeSandboxKey: `sk_test_${newSecret()}`,
    encryptionKey: newSecret(),
    ...readKnown(path),
  }
}

function readKnown(path: string): Partial<HomeSecrets> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<HomeSecrets>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return {}
  }
}
