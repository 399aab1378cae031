import { readFile, writeFile } from 'node:fs/promises'
import type { Machines } from './driver.ts'
import { type Trace, traceOf } from './operations.ts'
import { type Outcome, play } from './play.ts'
import { shrink } from './shrink.ts'

/** A trace, as far as it must be remembered. */
export interface Seed {
  readonly seed: number
  readonly steps: number
}

const KEPT = new URL('failing-seeds.json', import.meta.url)
const SHRINKS = 150
/** Every so many seeds, the trace is also split over restarts. */
const SPLIT_EVERY = 10

/** Seeds that failed once: they run first. */
export async function readFailingSeeds(): Promise<Seed[]> {
  return JSON.parse(await readFile(KEPT, 'utf8')) as Seed[]
}

export async function keepFailingSeed(one: Seed): Promise<void> {
  const kept = await readFailingSeeds()
  if (kept.some(({ seed, steps }) => seed === one.seed && steps === one.steps)) return
  await writeFile(KEPT, `${JSON.stringify([...kept, one], null, 2)}\n`)
}

/** Runs a seed's trace; some also split over restarts. Answers what went wrong with the shortest trace that fails, or null. */
export async function runSeed(
  machines: Machines,
  { seed, steps }: Seed,
  supports: (operation: string) => boolean,
  shrinks = SHRINKS,
): Promise<string | null> {
  const run = (trace: Trace): Promise<Outcome> => play(machines, trace, supports)
  const trace = traceOf(seed, steps)
  const whole = await run(trace)
  if (whole.failure) {
    const { at, why } = whole.failure
    if (shrinks === 0) return tellFailure(seed, { ...trace, steps: trace.steps.slice(0, at + 1) }, why)
    console.log(`model: seed ${seed} fails at step ${at}; looking for a shorter trace …`)
    const upToIt = { ...trace, steps: trace.steps.slice(0, at + 1) }
    const shrunk = await shrink(upToIt, async (shorter) => (await run(shorter)).failure !== null, shrinks)
    const again = await run(shrunk)
    return tellFailure(seed, shrunk, (again.failure ?? whole.failure).why)
  }
  return seed % SPLIT_EVERY === 0 ? compareSplit(run, seed, trace) : null
}

/** The same trace in one go and split over restarts: one end. What runs at once may end in several orders, so it is left out. */
async function compareSplit(
  run: (trace: Trace) => Promise<Outcome>,
  seed: number,
  trace: Trace,
): Promise<string | null> {
  const calm = { ...trace, steps: trace.steps.filter((step) => step.do !== 'batch') }
  const split = splitOverRestarts(calm)
  const [whole, parts] = [await run(calm), await run(split)]
  if (whole.failure) return tellFailure(seed, calm, whole.failure.why)
  if (parts.failure) return tellFailure(seed, split, parts.failure.why)
  if (whole.end === parts.end) return null
  return tellFailure(seed, split, `ends with ${parts.end}\n  but in one go with ${whole.end}`)
}

function tellFailure(seed: number, { cards, steps }: Trace, why: string): string {
  const lines = steps.map((step, index) => `  ${index} ${JSON.stringify(step)}`)
  return [`seed ${seed}, cards ${cards.join(' and ')}:`, ...lines, `  ${why}`].join('\n')
}

function splitOverRestarts({ cards, steps }: Trace): Trace {
  const third = Math.ceil(steps.length / 3)
  return {
    cards,
    steps: steps.flatMap((step, index) => (index % third === third - 1 ? [step, { do: 'restart' }] : [step])),
  }
}
