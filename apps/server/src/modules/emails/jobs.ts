import { performance } from 'node:perf_hooks'
import { realNow } from '../../platform/clock.ts'
import { claimEmail, giveUpLostEmails } from './claim-email.ts'
import type { EmailDeps } from './deps.ts'
import { sendEmail } from './send-email.ts'

/** Sends mails, in one process. Any number of processes share the work. */
export interface EmailJobs {
  /** Begins what is due and answers: nobody waits for a mail server. */
  begin(): Promise<void>
  /** Ends when what was handed over has been answered, or after a while without. */
  stop(): Promise<void>
}

/** A slow mail server takes so many at once, and each is claimed only when its turn has come. */
const LANES = 4
const DRAIN_MS = 10_000
const CLEAN_UP_EVERY_MS = 3_600_000
const KEPT_MS = 30 * 86_400_000

export function createEmailJobs(deps: EmailDeps): EmailJobs {
  const lanes = new Set<Promise<void>>()
  let cleanedUpAt = Number.NEGATIVE_INFINITY
  let stopped = false

  async function work(): Promise<void> {
    while (!stopped) {
      const email = await claimEmail(deps)
      if (!email) return
      await sendEmail(deps, email)
    }
  }

  function open(): void {
    const lane = work()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'a mail was left in the middle'))
      .finally(() => lanes.delete(lane))
    lanes.add(lane)
  }

  return {
    begin: async () => {
      if (performance.now() - cleanedUpAt > CLEAN_UP_EVERY_MS) {
        cleanedUpAt = performance.now()
        await forgetOldEmails(deps)
      }
      await giveUpLostEmails(deps)
      const due = await countDue(deps)
      for (let more = Math.min(due, LANES - lanes.size); more > 0 && !stopped; more--) open()
    },
    stop: async () => {
      stopped = true
      let late: NodeJS.Timeout | undefined
      await Promise.race([
        Promise.all(lanes),
        new Promise((resolve) => {
          late = setTimeout(resolve, DRAIN_MS)
        }),
      ])
      clearTimeout(late)
    },
  }
}

/** One cheap look, for all the times when nothing is. */
async function countDue({ database }: EmailDeps): Promise<number> {
  const rows = await database.query(
    `select 1 from email where status = 'PENDING' and next_attempt_at <= $1 limit ${LANES}`,
    [new Date(realNow())],
  )
  return rows.length
}

/** What is in a mail is a customer's, and is kept no longer than somebody may ask about it. */
async function forgetOldEmails({ database }: EmailDeps): Promise<void> {
  await database.query(`delete from email where created_at < $1 and status not in ('PENDING', 'SENDING')`, [
    new Date(realNow() - KEPT_MS),
  ])
}
