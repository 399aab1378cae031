import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startPostgres } from '../services/postgres.ts'
import { logicalClock } from './logical-clock.ts'
import { readOperations, startMachines } from './machines.ts'
import { runMutations } from './mutations.ts'
import { tellCoverage } from './play.ts'
import { keepFailingSeed, readFailingSeeds, runSeed, type Seed } from './seeds.ts'

// npm run test:model -- --seeds 200     what failed before, then seeds 1 to 200
// npm run test:model -- --seed 17       one seed again
// npm run test:model -- --steps 80      longer traces
// npm run test:model -- --mutations     whether it would notice: faults, put into copies of the product

const CLOSED_WITHIN_MS = 10_000

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: '40' },
    mutations: { type: 'boolean', default: false },
    /** Neither shrinks nor keeps what fails. */
    unattended: { type: 'boolean', default: false },
  },
})

async function seedsToRun(): Promise<Seed[]> {
  const steps = Number(options.steps)
  if (options.seed !== undefined) return [{ seed: Number(options.seed), steps }]
  const from = Number(options.from)
  const anew = Array.from({ length: Number(options.seeds ?? 200) }, (_, index) => ({ seed: from + index, steps }))
  return [...(await readFailingSeeds()), ...anew]
}

/** Whether all of them agree with the oracle, and the books add up; ends at the first that doesn't. */
async function runSeeds(postgresUrl: string, seeds: readonly Seed[]): Promise<boolean> {
  const supports = await readOperations()
  const machines = await startMachines(postgresUrl)
  const begun = performance.now()
  for (const [index, one] of seeds.entries()) {
    const failure = await runSeed(machines, one, supports, ...(options.unattended ? [0] : []))
    if (failure) {
      console.log(`model: ${failure}`)
      console.log(`model: red at seed ${one.seed}: npm run test:model -- --seed ${one.seed} --steps ${one.steps}`)
      if (!options.unattended) await keepFailingSeed(one)
      // What hangs is not waited for.
      await Promise.race([machines.close().catch(() => {}), sleep(CLOSED_WITHIN_MS)])
      return false
    }
    const seconds = Math.round((performance.now() - begun) / 1000)
    if ((index + 1) % 10 === 0) console.log(`model: ${index + 1} of ${seeds.length} seeds, ${seconds} s`)
  }
  const breach = await machines.close().catch((error: Error) => error)
  if (breach) console.log(`model: red at the end: ${breach.message}`)
  else
    console.log(
      `model: ${tellCoverage()}`,
      `\nmodel: green: ${seeds.length} seeds of ${options.steps} steps agree with the oracle`,
    )
  return !breach
}

async function run(): Promise<boolean> {
  if (options.mutations) return runMutations(Number(options.seeds ?? 30))
  const postgres = await startPostgres()
  try {
    return await runSeeds(postgres.url, await seedsToRun())
  } finally {
    logicalClock.release()
    await postgres.stop()
  }
}

const green = await run()
// Whatever a failure has left open.
process.exit(green ? 0 : 1)
