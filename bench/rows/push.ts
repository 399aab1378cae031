import { setTimeout as sleep } from 'node:timers/promises'
import { callApi } from '../api.ts'
import { quantile } from '../load/generate-load.ts'
import { customerId, METER } from '../load/requests.ts'
import type { Services } from '../services.ts'
import type { Row } from './row.ts'
import { openFeed } from './state-feed.ts'

const WATCHED = 20
// A customer changes each 20 × 5 ms: pushes that come faster than 20 a second are merged, and would measure that.
const PAUSE_MS = 5

const CONSUME = `mutation Consume($input: ConsumeInput!) { consume(input: $input) { usage { version } } }`

/** From the answer of a mutation to the push of its version on a WebSocket of another client. */
export const pushRow: Row = {
  topic: 'push',
  name: 'from the answer of consume to the push on a socket',
  unit: 'ms',
  floor: '',
  aim: null,
  measure: async (services, { rounds, seconds }) => {
    const delays = await measurePushes(services, rounds * seconds)
    const sorted = Float64Array.from(delays).sort()
    const delay = { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), samples: sorted.length }
    return { speed: null, delay, acknowledged: sorted.length }
  },
}

/** Milliseconds; below zero where the push was there first. Throws when a push doesn't come. */
async function measurePushes({ api }: Services, seconds: number): Promise<number[]> {
  const feed = await openFeed(
    api,
    Array.from({ length: WATCHED }, (_, index) => customerId(index)),
  )
  const run = `push-${process.pid}`
  const delays: number[] = []
  const end = performance.now() + seconds * 1_000
  for (let count = 0; performance.now() < end; count++) {
    const customer = customerId(count % WATCHED)
    const input = { customerId: customer, meter: METER, idempotencyKey: `${run}-${count}` }
    const { consume } = await callApi<{ consume: { usage: { version: number } } }>(api, CONSUME, { input })
    const answeredAt = performance.now()
    delays.push((await feed.arrivalOf(customer, consume.usage.version)) - answeredAt)
    await sleep(PAUSE_MS)
  }
  feed.close()
  return delays
}
