import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Machines } from '../../../tests/model/driver.ts'
import { logicalClock } from '../../../tests/model/logical-clock.ts'
import { readOperations, startMachines } from '../../../tests/model/machines.ts'
import { findPlaces } from '../../../tests/model/mutations.ts'
import { readFailingSeeds, runSeed } from '../../../tests/model/seeds.ts'

// A few traces of the model test: `npm run test:model` runs many.

const SEEDS = Array.from({ length: 10 }, (_, index) => ({ seed: index + 1, steps: 25 }))

let machines: Machines & { close(): Promise<void> }
beforeAll(async () => {
  machines = await startMachines()
})
afterAll(async () => {
  logicalClock.release()
  await machines.close()
})

test('each fault that the model must notice still has its place in the code', () => findPlaces())

test('agrees with the oracle after each step of random traces, and of those that failed once', {
  timeout: 300_000,
}, async () => {
  const supports = await readOperations()
  for (const seed of [...(await readFailingSeeds()), ...SEEDS]) {
    expect(await runSeed(machines, seed, supports)).toBeNull()
  }
})
