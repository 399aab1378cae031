import { connect, type Socket } from 'node:net'
import { createRequestMaker, type RequestMaker, type Workload } from './requests.ts'
import { createResponseReader } from './response-reader.ts'

/** Where the load goes, and for how long. */
export interface LoadPlan {
  readonly port: number
  readonly authorization: string
  readonly workload: Workload
  readonly connections: number
  readonly seconds: number
  /** In the keys of this load, and of no other. */
  readonly run: string
}

export interface LoadResult {
  /** Units (requests, or events) a second that were answered while the load ran. */
  readonly perSecond: number
  /** Of a request, in milliseconds. */
  readonly p50: number
  readonly p99: number
  /** All units that were answered, also after the time was up: what the books must hold. */
  readonly acknowledged: number
  /** Processor time of this generator, as a share of one core. */
  readonly generatorCpu: number
}

interface Tally {
  inTime: number
  acknowledged: number
  readonly latencies: number[]
}

/**
 * A closed loop: each connection sends its next request when the last was answered. Returns when every request that was
 * sent has its answer. Throws at the first answer that is not what the workload expects.
 */
export async function generateLoad(plan: LoadPlan): Promise<LoadResult> {
  const maker = createRequestMaker(plan.workload, plan.run)
  const tally: Tally = { inTime: 0, acknowledged: 0, latencies: [] }
  const sockets = await Promise.all(Array.from({ length: plan.connections }, () => open(plan.port)))
  const cpu = process.cpuUsage()
  const began = performance.now()
  const end = began + plan.seconds * 1_000
  await Promise.all(sockets.map((socket) => drive(socket, plan, maker, end, tally)))
  const { user, system } = process.cpuUsage(cpu)
  for (const socket of sockets) socket.destroy()
  const latencies = Float64Array.from(tally.latencies).sort()
  return {
    perSecond: tally.inTime / plan.seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    acknowledged: tally.acknowledged,
    generatorCpu: (user + system) / 1_000 / (performance.now() - began),
  }
}

function drive(socket: Socket, plan: LoadPlan, maker: RequestMaker, end: number, tally: Tally): Promise<void> {
  const head =
    `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:${plan.port}\r\nauthorization: ${plan.authorization}\r\n` +
    'accept: application/json\r\ncontent-type: application/json\r\ncontent-length: '
  return new Promise((resolve, reject) => {
    let sentAt = 0
    const send = (last: string) => {
      const body = maker.next(last)
      sentAt = performance.now()
      socket.write(`${head}${body.length}\r\n\r\n${body}`, 'latin1')
    }
    const read = createResponseReader((answer) => {
      const units = maker.unitsIn(answer)
      if (units === null) return reject(new Error(`unexpected answer: ${answer}`))
      const now = performance.now()
      tally.acknowledged += units
      if (now > end) return resolve()
      tally.inTime += units
      tally.latencies.push(now - sentAt)
      send(answer)
    })
    socket.on('data', read)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    socket.on('error', reject)
    send('')
  })
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Of sorted values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
