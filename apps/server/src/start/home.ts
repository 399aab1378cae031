import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newSecret } from '../platform/ids.ts'

/** Secrets of a data directory: readable by its owner only, the same at every start. */
export interface HomeSecrets {
  /** The sandbox project's secret key; null before the first start. */
  secretKey: string | null
  /** Signs what the payment sandbox sends. */
  sandboxWebhookSecret: string
}

export function openHome(home: string): { secrets: HomeSecrets; save(secrets: HomeSecrets): void } {
  mkdirSync(home, { recursive: true })
  const path = join(home, 'secrets.json')
  const save = (secrets: HomeSecrets) => writePrivate(path, secrets)
  return { secrets: readSecrets(path), save }
}

/** Written whole or not at all, and for the owner's eyes. */
export function writePrivate(path: string, content: object): void {
  const temporary = `${path}.new`
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, path)
}

function readSecrets(path: string): HomeSecrets {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as HomeSecrets
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { secretKey: null, sandboxWebhookSecret: `whsec_${newSecret()}` }
  }
}
