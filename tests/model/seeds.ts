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
): Promise<string | null> {
  const run = (trace: Trace): Promise<Outcome> => play(machines, trace, supports)
  const trace = traceOf(seed, steps)
  const whole = await run(trace)
  if (whole.failure) {
    const upToIt = { ...trace, steps: trace.steps.slice(0, whole.failure.at + 1) }
    const shrunk = await shrink(upToIt, async (shorter) => (await run(shorter)).failure !== null, SHRINKS)
    const again = await run(shrunk)
    return tellFailure(seed, shrunk, (again.failure ?? whole.failure).why)
  }
  if (seed % SPLIT_EVERY !== 0) return null
  const split = await run(splitOverRestarts(trace))
  if (split.failure) return tellFailure(seed, splitOverRestarts(trace), `split over restarts: ${split.failure.why}`)
  // What ran at once may have ended in another order.
  const ordered = !trace.steps.some((step) => step.do === 'batch')
  if (!ordered || split.end === whole.end) return null
  return tellFailure(seed, trace, `in one go it ends with ${whole.end}\n  split over restarts with ${split.end}`)
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
