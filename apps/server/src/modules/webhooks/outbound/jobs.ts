import { performance } from 'node:perf_hooks'
import { realNow } from '../../../platform/clock.ts'
import { attemptDelivery } from './attempt-delivery.ts'
import { type ClaimedDelivery, claimDeliveries } from './claim-deliveries.ts'
import type { WebhookDeps } from './deps.ts'
import { fanOutEvents } from './fan-out-events.ts'
import { forgetOldEvents } from './forget-old-events.ts'

/** Tells endpoints what has happened, in one process. Any number of processes share the work. */
export interface WebhookJobs {
  /** Begins what is due and answers: nobody waits for an endpoint. */
  begin(): Promise<void>
  /** Something may have been written: begins soon, and not more often than bearable. */
  wake(): void
  /** Ends when running attempts have, or are cut off. */
  stop(): Promise<void>
}

const AT_ONCE = 128
const WAKE_AFTER_MS = 100
const DRAIN_MS = 2_000
const CLEAN_UP_EVERY_MS = 3_600_000

export function createWebhookJobs(deps: WebhookDeps): WebhookJobs {
  const attempts = createAttempts(deps, () => wake())
  let timer: NodeJS.Timeout | undefined
  let beginning: Promise<void> | null = null
  let begunAt = Number.NEGATIVE_INFINITY
  let cleanedUpAt = Number.NEGATIVE_INFINITY
  let stopped = false

  async function work(): Promise<void> {
    begunAt = performance.now()
    if (begunAt - cleanedUpAt > CLEAN_UP_EVERY_MS) {
      cleanedUpAt = begunAt
      await forgetOldEvents(deps)
    }
    if (!(await isAnythingDue(deps))) return
    while (!stopped && (await fanOutEvents(deps)) > 0);
    while (!stopped && attempts.room() > 0) {
      const claimed = await claimDeliveries(deps, attempts.running, attempts.room())
      for (const delivery of claimed) attempts.begin(delivery)
      if (claimed.length === 0) return
    }
  }

  function begin(): Promise<void> {
    beginning ??= work().finally(() => {
      beginning = null
    })
    return beginning
  }

  function wake(): void {
    if (stopped || timer) return
    timer = setTimeout(
      () => {
        timer = undefined
        begin().catch((error: unknown) => deps.log.warn({ err: error }, 'webhooks were not begun; it is tried again'))
      },
      Math.max(0, begunAt + WAKE_AFTER_MS - performance.now()),
    )
  }

  return {
    begin,
    wake,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await beginning?.catch(() => {})
      await attempts.stop()
    },
  }
}

/** The attempts that run in this process. `ended` is told of each. */
function createAttempts(deps: WebhookDeps, ended: () => void) {
  const running = new Map<string, number>()
  const attempts = new Set<Promise<void>>()
  const cut = new AbortController()
  const count = (endpointId: string, more: 1 | -1) => {
    const attempts = (running.get(endpointId) ?? 0) + more
    if (attempts === 0) running.delete(endpointId)
    else running.set(endpointId, attempts)
  }
  return {
    /** By endpoint: how many; none that has none. */
    running,
    room: () => AT_ONCE - attempts.size,
    begin: (delivery: ClaimedDelivery) => {
      count(delivery.endpointId, 1)
      const attempt = attemptDelivery(deps, delivery, cut.signal)
        .catch((error: unknown) =>
          deps.log.warn({ err: error, delivery: delivery.pk }, 'an attempt was not written down'),
        )
        .finally(() => {
          count(delivery.endpointId, -1)
          attempts.delete(attempt)
          ended()
        })
      attempts.add(attempt)
    },
    /** Lets them end, for a while. */
    stop: async () => {
      const late = setTimeout(() => cut.abort(), DRAIN_MS)
      await Promise.all(attempts)
      clearTimeout(late)
    },
  }
}

/** One cheap look, for all the times when nothing is. */
async function isAnythingDue({ database }: WebhookDeps): Promise<boolean> {
  const [row] = await database.query<{ due: boolean }>(
    `select exists (select 1 from outbound_event where sent_out_at is null)
       or exists (select 1 from webhook_delivery where status = 'PENDING' and next_attempt_at <= $1) as due`,
    [new Date(realNow())],
  )
  return row?.due ?? false
}
