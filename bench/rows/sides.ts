import type { Workload } from '../load/requests.ts'
import type { Sample, Side } from '../rounds.ts'
import type { Services } from '../services.ts'

export const CUSTOMERS = 1_000
/** Enough to keep the server busy, few enough for a small machine. */
const CONNECTIONS = 64

export const YOGA_FLOOR = '{ __typename } by Yoga’s own HTTP handler'

/** What acknowledges usage, which the books must hold. */
const USAGE: ReadonlySet<Workload['kind']> = new Set(['consume', 'recordUsage', 'holds'])

let loads = 0

/** Florin under a workload. */
export function florin(services: Services, workload: Workload, connections = CONNECTIONS): Side {
  const { port, secretKey } = services.api
  return (seconds) => run(services, { port, authorization: `Bearer ${secretKey}`, workload, connections, seconds })
}

/** The trivial query, on another server. */
export function trivialAt(services: Services, port: number): Side {
  const workload: Workload = { kind: 'trivial' }
  return (seconds) => run(services, { port, authorization: 'Bearer none', workload, connections: CONNECTIONS, seconds })
}

async function run(
  { load }: Services,
  plan: { port: number; authorization: string; workload: Workload; connections: number; seconds: number },
): Promise<Sample> {
  const { perSecond, p50, p99, acknowledged } = await load.ask({ ...plan, run: `bench-${++loads}` })
  const isUsage = USAGE.has(plan.workload.kind)
  return { perSecond, latency: { p50, p99 }, acknowledged: isUsage ? acknowledged : 0 }
}
