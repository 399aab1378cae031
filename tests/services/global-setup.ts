import type {} from 'vitest'
import type { TestProject } from 'vitest/node'
import { makeMigratedDatabase } from './migrated-database.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL: each suite makes a database of its own. */
    postgresUrl: string
    redisUrl: string
    /** A database with all migrations in it, to copy. */
    migratedDatabase: string
  }
}

/** One PostgreSQL and one Redis for a run of the server's tests. */
export default async function startServices(project: TestProject): Promise<() => Promise<void>> {
  const redis = await startRedis()
  const postgres = await startPostgres().catch(async (error: unknown) => {
    await redis.stop()
    throw error
  })
  project.provide('postgresUrl', postgres.url)
  project.provide('redisUrl', redis.url)
  const stop = async () => {
    await Promise.all([postgres.stop(), redis.stop()])
  }
  try {
    project.provide('migratedDatabase', await makeMigratedDatabase(postgres.url))
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}
