import { setTimeout as sleep } from 'node:timers/promises'

/** `count` calls at once, numbered from 0. */
export function atOnce<Result>(count: number, call: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)))
}

/** `count` calls one after the other, numbered from 0. */
export async function inTurn<Result>(count: number, call: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let index = 0; index < count; index++) results.push(await call(index))
  return results
}

/** Waits until `read` answers what is wanted; throws with what it last answered. */
export async function until<Value>(
  read: () => Promise<Value> | Value,
  holds: (value: Value) => boolean,
  withinMs = 30_000,
): Promise<Value> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (performance.now() > deadline) throw new Error(`still not so after ${withinMs} ms: ${JSON.stringify(value)}`)
    await sleep(10)
  }
}

/** How many times each value occurs. */
export function tally(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
