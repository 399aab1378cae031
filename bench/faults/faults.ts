import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../apps/server/src/platform/database.ts'
import type { Installation } from './installation.ts'
import type { Random } from './random.ts'

/** Something that goes wrong. */
export interface Fault {
  readonly name: string
  /** How often it comes in twenty rounds. */
  readonly share: number
  readonly needsRedis?: true
  /** Answers when nothing is broken any more, or what was killed may start again. */
  inject(installation: Installation, random: Random): Promise<unknown>
}

export const faults: readonly Fault[] = [
  {
    name: 'kill -9 of an API',
    share: 5,
    inject: async ({ apis }, random) => random.pick(apis).kill(),
  },
  {
    name: 'kill -9 of PostgreSQL',
    share: 5,
    inject: async ({ postgres }) => {
      await postgres.kill()
      await postgres.restart()
    },
  },
  {
    name: 'kill -9 of all at once',
    share: 2,
    inject: async ({ postgres, apis, worker }) => {
      await Promise.all([postgres.kill(), worker.kill(), ...apis.map((api) => api.kill())])
      await postgres.restart()
    },
  },
  {
    name: 'kill -9 of the worker',
    share: 1,
    inject: async (installation) => {
      const database = installation.openDatabase()
      try {
        await letADayPass(database)
        await installation.worker.kill()
      } finally {
        await database.close()
      }
    },
  },
  {
    name: 'PostgreSQL stopped',
    share: 2,
    inject: async ({ postgres }, random) => {
      postgres.pause()
      await sleep(2_000 + random.below(3_000))
      postgres.resume()
    },
  },
  {
    name: 'connections reset',
    share: 1,
    inject: async ({ network }, random) => {
      for (let times = 1 + random.below(3); times > 0; times--) {
        network.cut()
        await sleep(random.below(300))
      }
    },
  },
  {
    name: 'network stalled',
    share: 1,
    inject: async ({ network }, random) => {
      network.stall()
      await sleep(2_000 + random.below(3_000))
      network.resume()
    },
  },
  {
    name: 'network gone silent',
    share: 1,
    inject: async ({ network }) => network.forget(),
  },
  {
    name: 'kill -9 of Redis',
    share: 1,
    needsRedis: true,
    inject: async ({ redis }) => {
      await redis?.kill()
      await sleep(1_500)
      await redis?.restart()
    },
  },
  {
    name: 'Redis stopped',
    share: 1,
    needsRedis: true,
    inject: async ({ redis }) => {
      redis?.pause()
      await sleep(3_000)
      redis?.resume()
    },
  },
]

/** All in their shares, in the order of chance; fewer rounds begin with one of each. */
export function planFaults(rounds: number, random: Random, hasRedis: boolean, only: string | null): Fault[] {
  const possible = faults.filter(
    (fault) => (hasRedis || !fault.needsRedis) && (only === null || fault.name.includes(only)),
  )
  if (possible.length === 0) throw new Error(`${only}: there is no such fault`)
  const once = random.shuffled(possible)
  const rest = random.shuffled(possible.flatMap((fault) => Array<Fault>(fault.share - 1).fill(fault)))
  const plan = [...once, ...rest]
  return Array.from({ length: rounds }, (_, round) => plan[round % plan.length] as Fault)
}

const DAY_MS = 86_400_000

/** Moves the sandbox clock by a day, and waits until the worker has begun to renew what is due by that. */
async function letADayPass(database: Database): Promise<void> {
  const renewed = async () => {
    const [row] = await database.query<{ periods: number }>(
      'select sum(period_index)::bigint as periods from subscription',
    )
    return row?.periods ?? 0
  }
  const before = await renewed()
  await database.query('update project set clock_offset_ms = clock_offset_ms + $1', [DAY_MS])
  while ((await renewed()) === before) await sleep(5)
}
