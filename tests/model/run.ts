import { parseArgs } from 'node:util'
import { startPostgres } from '../services/postgres.ts'
import { logicalClock } from './logical-clock.ts'
import { readOperations, startMachines } from './machines.ts'
import { keepFailingSeed, readFailingSeeds, runSeed, type Seed } from './seeds.ts'

// npm run test:model -- --seeds 200     what failed before, then seeds 1 to 200
// npm run test:model -- --seed 17       one seed again
// npm run test:model -- --steps 80      longer traces

/** A database of its own for so many seeds: the audit at its end reads all of it. */
const SEEDS_PER_DATABASE = 40

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: '40' },
    'no-keep': { type: 'boolean', default: false },
  },
})

async function seedsToRun(): Promise<Seed[]> {
  const steps = Number(options.steps)
  if (options.seed !== undefined) return [{ seed: Number(options.seed), steps }]
  const from = Number(options.from)
  const anew = Array.from({ length: Number(options.seeds) }, (_, index) => ({ seed: from + index, steps }))
  return [...(await readFailingSeeds()), ...anew]
}

/** Whether all of them agree with the oracle; ends at the first that doesn't. */
async function runSeeds(postgresUrl: string, seeds: readonly Seed[]): Promise<boolean> {
  const supports = await readOperations()
  const begun = performance.now()
  for (let start = 0; start < seeds.length; start += SEEDS_PER_DATABASE) {
    const machines = await startMachines(postgresUrl)
    for (const [index, one] of seeds.slice(start, start + SEEDS_PER_DATABASE).entries()) {
      const failure = await runSeed(machines, one, supports)
      if (failure) {
        console.log(`model: ${failure}`)
        console.log(`model: red at seed ${one.seed}: npm run test:model -- --seed ${one.seed} --steps ${one.steps}`)
        if (!options['no-keep']) await keepFailingSeed(one)
        await machines.close().catch((error: Error) => console.log(`model: ${error.message}`))
        return false
      }
      const seconds = Math.round((performance.now() - begun) / 1000)
      if ((start + index + 1) % 10 === 0)
        console.log(`model: ${start + index + 1} of ${seeds.length} seeds, ${seconds} s`)
    }
    await machines.close()
  }
  console.log(`model: green: ${seeds.length} seeds of ${options.steps} steps agree with the oracle`)
  return true
}

const postgres = await startPostgres()
try {
  if (!(await runSeeds(postgres.url, await seedsToRun()))) process.exitCode = 1
} finally {
  logicalClock.release()
  await postgres.stop()
}
// Whatever a failure has left open.
process.exit()
