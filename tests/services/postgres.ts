import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../apps/server/src/platform/embedded-postgres.ts'

/** Starts the server that `npm start` uses; in a new directory, which `stop` removes, unless one is named. */
export async function startPostgres(options: { dataDir?: string } = {}): Promise<EmbeddedPostgres> {
  if (options.dataDir) return startEmbeddedPostgres({ dataDir: options.dataDir })
  const home = await mkdtemp('/tmp/florin-test-postgres-')
  await chmod(home, 0o755) // as root the server runs as another account, which must pass
  const discard = () => rm(home, { recursive: true, force: true })
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'data') })
    return { ...postgres, stop: () => postgres.stop().then(discard) }
  } catch (error) {
    await discard()
    throw error
  }
}
