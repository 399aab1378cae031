import { format, parse } from './decimal.ts'
import type { Step, Trace } from './operations.ts'

/** Makes a failing trace shorter as long as it fails: leaves steps out, then halves numbers. */
export async function shrink(
  trace: Trace,
  fails: (shorter: Trace) => Promise<boolean>,
  attempts: number,
): Promise<Trace> {
  let best = trace
  let left = attempts
  const attempt = async (steps: readonly Step[]) => {
    if (left <= 0) return false
    left -= 1
    const shorter = { ...best, steps }
    if (!(await fails(shorter))) return false
    best = shorter
    return true
  }
  for (
    let size = Math.ceil(best.steps.length / 2);
    size >= 1 && left > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    // From the end: the last steps have brought it about.
    for (let from = best.steps.length - size; from >= 0 && left > 0; from -= size) {
      await attempt([...best.steps.slice(0, from), ...best.steps.slice(from + size)])
    }
  }
  for (let index = 0; index < best.steps.length; index++) {
    while (left > 0) {
      const smaller = smallerThan(best.steps[index] as Step)
      const done = await firstOf(smaller, (step) => attempt(best.steps.with(index, step)))
      if (!done) break
    }
  }
  return best
}

async function firstOf<Item>(items: readonly Item[], test: (item: Item) => Promise<boolean>): Promise<boolean> {
  for (const item of items) if (await test(item)) return true
  return false
}

/** Simpler forms of a step. */
function smallerThan(step: Step): Step[] {
  if (step.do === 'batch') {
    return step.steps.length < 2
      ? []
      : step.steps.map((_, index) => ({ ...step, steps: step.steps.toSpliced(index, 1) }))
  }
  if (step.do === 'crash') return [step.step]
  const field = 'quantity' in step ? step.quantity : 'amount' in step ? step.amount : null
  const halved = field === null ? null : half(field)
  if (halved === null) return []
  return ['quantity' in step ? ({ ...step, quantity: halved } as Step) : ({ ...step, amount: halved } as Step)]
}

/** Half of it, rounded down to a whole number; null if there is nothing simpler. */
function half(decimal: string): string | null {
  const halved = format((parse(decimal) / 2_000_000_000n) * 1_000_000_000n)
  return halved === '0' ? (decimal === '1' ? null : '1') : halved
}
