import type { App } from './app.ts'
import { settleDueWork } from './modules/clock/jobs.ts'
import { createEmailJobs } from './modules/emails/jobs.ts'
import { adoptAccounts } from './modules/payments/adopt-accounts.ts'
import { lookUpPayments } from './modules/payments/jobs.ts'
import { forgetPortalSessions } from './modules/portal/jobs.ts'
import { moveSubscribers } from './modules/subscriptions/move-subscribers.ts'
import { settleTopUps } from './modules/topups/jobs.ts'
import { createInboundJobs } from './modules/webhooks/inbound/jobs.ts'
import { createWebhookJobs } from './modules/webhooks/outbound/jobs.ts'

const EVERY_MS = 2_000

export interface WorkerOptions {
  /** Whether it tells endpoints: it needs the key of their secrets. */
  readonly webhooks?: boolean
}

/** Due work, in a loop until it is stopped. Every job may run in any number of workers at once. */
export function startWorker(app: App, { webhooks: tells = true }: WorkerOptions = {}): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const inbound = createInboundJobs(app)
  const webhooks = tells ? createWebhookJobs(app) : null
  const emails = createEmailJobs(app)
  const unsubscribe = webhooks ? app.pubsub.subscribe(() => webhooks.wake()) : () => {}

  const jobs = [
    ...(webhooks ? [() => webhooks.begin()] : []),
    () => emails.begin(),
    adoptAccounts(app),
    () => lookUpPayments(app),
    () => inbound.begin(),
    () => settleDueWork(app, () => stopped),
    () => moveSubscribers(app),
    () => settleTopUps(app),
    () => forgetPortalSessions(app),
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
      unsubscribe()
      await running
      await Promise.all([inbound.stop(), webhooks?.stop(), emails.stop()])
    },
  }
}
