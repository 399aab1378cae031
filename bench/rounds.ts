/** One measurement of one side. */
export interface Sample {
  readonly perSecond: number
  /** Milliseconds of a request; null where nobody waits for one. */
  readonly latency: { readonly p50: number; readonly p99: number } | null
  readonly acknowledged: number
}

/** A side of a comparison: runs for so many seconds, and says how fast it was. */
export type Side = (seconds: number) => Promise<Sample>

export interface Figures {
  readonly median: number
  readonly min: number
  readonly max: number
  /** Medians of the rounds. */
  readonly latency: Sample['latency']
}

export interface Comparison {
  readonly subject: Figures
  readonly floor: Figures
  readonly ratio: number
  readonly acknowledged: number
}

export interface Pace {
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** How many are renewed. */
  readonly subscriptions: number
  /** How many are audited. */
  readonly entries: number
}

/** Floor and subject take turns, so that what else the machine does falls on both. */
export async function compare(subject: Side, floor: Side, pace: Pace): Promise<Comparison> {
  const warmUps = [await subject(pace.warmUpSeconds), await floor(pace.warmUpSeconds)]
  const subjects: Sample[] = []
  const floors: Sample[] = []
  for (let round = 0; round < pace.rounds; round++) {
    floors.push(await floor(pace.seconds))
    subjects.push(await subject(pace.seconds))
  }
  const figures = { subject: summarize(subjects), floor: summarize(floors) }
  return {
    ...figures,
    ratio: figures.subject.median / figures.floor.median,
    acknowledged: [...warmUps, ...subjects, ...floors].reduce((sum, { acknowledged }) => sum + acknowledged, 0),
  }
}

export function summarize(samples: readonly Sample[]): Figures {
  const speeds = samples.map(({ perSecond }) => perSecond)
  const latencies = samples.flatMap(({ latency }) => latency ?? [])
  const [first] = latencies
  return {
    median: median(speeds),
    min: Math.min(...speeds),
    max: Math.max(...speeds),
    latency: first
      ? { p50: median(latencies.map(({ p50 }) => p50)), p99: median(latencies.map(({ p99 }) => p99)) }
      : null,
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
