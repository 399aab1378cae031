import type { App } from './app.ts'
import { settleDueWork } from './modules/clock/jobs.ts'
import { lookUpPayments } from './modules/payments/jobs.ts'
import { moveSubscribers } from './modules/subscriptions/move-subscribers.ts'
import { retryEvents } from './modules/webhooks/inbound/receive-event.ts'

const EVERY_MS = 2_000

/** Due work, in a loop until it is stopped. Every job may run in any number of workers at once. */
export function startWorker(app: App): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const jobs = [
    () => lookUpPayments(app),
    () => retryEvents(app),
    () => settleDueWork(app, () => stopped),
    () => moveSubscribers(app),
  ]

  async function once(): Promise<void> {
    for (const job of jobs) {
      await job().catch((error: unknown) => app.log.warn({ err: error }, 'due work failed; it is tried again'))
    }
  }

  function schedule(): void {
    if (stopped) return
    timer = setTimeout(() => {
      running = once().finally(schedule)
    }, EVERY_MS)
  }

  schedule()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
