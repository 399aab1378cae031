import { performance } from 'node:perf_hooks'
import { realNow } from '../../../platform/clock.ts'
import { firstIdAt } from '../../../platform/ids.ts'
import { attemptDelivery } from './attempt-delivery.ts'
import { type ClaimedDelivery, claimDeliveries } from './claim-deliveries.ts'
import type { WebhookDeps } from './deps.ts'
import { fanOutEvents } from './fan-out-events.ts'

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
  const running = new Map<string, number>()
  const attempts = new Set<Promise<void>>()
  const cut = new AbortController()
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
    while (!stopped && attempts.size < AT_ONCE) {
      const claimed = await claimDeliveries(deps, running, AT_ONCE - attempts.size)
      for (const delivery of claimed) attempt(delivery)
      if (claimed.length === 0) return
    }
  }

  function attempt(delivery: ClaimedDelivery): void {
    const { endpointId } = delivery
    running.set(endpointId, (running.get(endpointId) ?? 0) + 1)
    const ended = attemptDelivery(deps, delivery, cut.signal)
      .catch((error: unknown) =>
        deps.log.warn({ err: error, delivery: delivery.pk }, 'an attempt was not written down'),
      )
      .finally(() => {
        attempts.delete(ended)
        const left = (running.get(endpointId) ?? 1) - 1
        if (left === 0) running.delete(endpointId)
        else running.set(endpointId, left)
        wake()
      })
    attempts.add(ended)
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

const KEEP_MS = 30 * 86_400_000
const FORGET_AT_ONCE = 1_000

/** Events that are a month old go, and with them what became of them. */
export async function forgetOldEvents({ database }: Pick<WebhookDeps, 'database'>): Promise<void> {
  const cutoff = firstIdAt(realNow() - KEEP_MS)
  for (let gone = FORGET_AT_ONCE; gone === FORGET_AT_ONCE; ) {
    const rows = await database.query(
      `delete from outbound_event where id in (
         select id from outbound_event where id < $1 and sent_out_at is not null order by id limit ${FORGET_AT_ONCE})
       returning 1`,
      [cutoff],
    )
    gone = rows.length
  }
}
