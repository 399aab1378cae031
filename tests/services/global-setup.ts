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

interface Services {
  readonly postgresUrl: string
  readonly redisUrl: string
  stop(): Promise<void>
}

interface Shared {
  users: number
  services: Promise<Services>
}

// Vitest loads this file once per project; the projects of one run share their servers through the process.
const shared = globalThis as typeof globalThis & { florinTestServices?: Shared | undefined }

/** One PostgreSQL and one Redis for a run, started when the first project needs them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.florinTestServices ??= { users: 0, services: startServices() }
  const run = shared.florinTestServices
  run.users += 1
  const services = await run.services
  project.provide('postgresUrl', services.postgresUrl)
  project.provide('redisUrl', services.redisUrl)
  return async () => {
    run.users -= 1
    if (run.users > 0) return
    shared.florinTestServices = undefined
    await services.stop()
  }
}

async function startServices(): Promise<Services> {
  const redis = await startRedis()
  const postgres = await startPostgres().catch(async (error: unknown) => {
    await redis.stop()
    throw error
  })
  const stop = async () => void (await Promise.all([postgres.stop(), redis.stop()]))
  return { postgresUrl: postgres.url, redisUrl: redis.url, stop }
}
