import type {} from 'vitest'
import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL: each suite makes a database of its own. */
    postgresUrl: string
    redisUrl: string
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
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()])
  }
}
