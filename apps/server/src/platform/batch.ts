/**
 * Group commit: calls that arrive while earlier ones are in flight wait together and go as one batch. There is no delay
 * timer: an idle system answers at once, and the busier it is the larger its batches get.
 */
export interface BatchOptions {
  /** Batches in flight at a time; more than a few only makes them wait for each other's rows. */
  readonly concurrency: number
  /** The most work in one batch, in units of `weigh`. */
  readonly capacity: number
}

/** Turns of the event loop that a batch may wait while it grows. */
const MOST_TURNS = 8

export type Batched<Item, Result> = (item: Item) => Promise<Result>

interface Waiting<Item, Result> {
  readonly item: Item
  readonly weight: number
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * @param run does the work of a batch in order and answers one result or Error for each item. If it throws, nothing
 * of the batch was done: each item is then tried alone, so that one bad item never fails its neighbours.
 * @param isFatal whether a failure is one that each item alone would meet again: then all fail at once.
 */
export function createBatcher<Item, Result>(
  options: BatchOptions,
  run: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  weigh: (item: Item) => number = () => 1,
  isFatal: (error: unknown) => boolean = () => false,
): Batched<Item, Result> {
  let waiting: Waiting<Item, Result>[] = []
  let inFlight = 0
  let scheduled = false

  function take(): Waiting<Item, Result>[] {
    let weight = 0
    let count = 0
    while (count < waiting.length) {
      weight += (waiting[count] as Waiting<Item, Result>).weight
      if (count > 0 && weight > options.capacity) break
      count++
    }
    const taken = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return taken
  }

  function pump(): void {
    scheduled = false
    while (inFlight < options.concurrency && waiting.length > 0) {
      inFlight++
      void settle(take()).finally(() => {
        inFlight--
        schedule()
      })
    }
  }

  function schedule(): void {
    if (scheduled || waiting.length === 0) return
    scheduled = true
    setImmediate(gather, waiting.length, 0)
  }

  // Callers that were just answered come back within a few turns of the event loop: as long as more arrive, they are let
  // in, so that the first of them does not take a whole commit for itself.
  function gather(seen: number, turns: number): void {
    if (waiting.length > seen && turns < MOST_TURNS) setImmediate(gather, waiting.length, turns + 1)
    else pump()
  }

  async function settle(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item))
      batch.forEach((entry, index) => {
        const result = results[index] as Result | Error
        if (result instanceof Error) entry.reject(result)
        else entry.resolve(result)
      })
    } catch (error) {
      if (batch.length === 1 || isFatal(error)) for (const entry of batch) entry.reject(error)
      else for (const entry of batch) await settle([entry])
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, weight: weigh(item), resolve, reject })
      schedule()
    })
}
