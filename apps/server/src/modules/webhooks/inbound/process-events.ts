import { realNow } from '../../../platform/clock.ts'
import { carryOutEvent, type Outcome, type StoredEvent } from './carry-out-event.ts'
import type { InboundDeps } from './deps.ts'
import { scheduleAttempt } from './schedule-attempt.ts'

/** After so long an attempt is given up for dead. Longer than the provider is waited for. */
const LEASE_MS = 120_000
/** At once, in a process: an outage of days ends in a storm. */
const LANES = 8

/** Works through stored events that are due. Any number of processes may: each claims one at a time. */
export interface ProcessEvents {
  /** There may be something to do. Returns at once. */
  wake(): void
  /** Begins nothing any more, and ends what was begun. */
  stop(): Promise<void>
}

interface ClaimedEvent extends StoredEvent {
  readonly id: string
  /** The attempt's number, from 1. */
  readonly attempts: number
}

export function createProcessEvents(deps: InboundDeps): ProcessEvents {
  const lanes = new Set<Promise<void>>()
  let stopped = false

  async function work(): Promise<void> {
    while (!stopped) {
      const event = await claimEvent(deps)
      if (!event) return
      // Where one is due, more may be.
      wake()
      await attemptEvent(deps, event)
    }
  }

  function wake(): void {
    if (stopped || lanes.size === LANES) return
    const lane = work()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'events could not be processed; they are tried again'))
      .finally(() => lanes.delete(lane))
    lanes.add(lane)
  }

  return {
    wake,
    stop: async () => {
      stopped = true
      await Promise.all(lanes)
    },
  }
}

async function claimEvent({ database }: InboundDeps): Promise<ClaimedEvent | undefined> {
  const now = realNow()
  const [event] = await database.query<ClaimedEvent>(
    `update provider_event set attempts = attempts + 1, next_attempt_at = $2
     where id = (select id from provider_event where outcome is null and next_attempt_at <= $1
       order by next_attempt_at limit 1 for update skip locked)
     returning id, source, type, payload, attempts`,
    [new Date(now), new Date(now + LEASE_MS)],
  )
  return event
}

async function attemptEvent(deps: InboundDeps, event: ClaimedEvent): Promise<void> {
  try {
    await finish(deps, event, await carryOutEvent(deps, event))
  } catch (error) {
    await postpone(deps, event, error).catch((lost: unknown) => deps.log.warn({ err: lost }, 'an attempt was lost'))
  }
}

async function finish({ database }: InboundDeps, { id }: ClaimedEvent, outcome: Outcome): Promise<void> {
  await database.query(
    `update provider_event set outcome = $2::provider_event_outcome, processed_at = $3, next_attempt_at = null
     where id = $1 and outcome is null`,
    [id, outcome, new Date(realNow())],
  )
}

/** The next attempt, or the end. Only the newest attempt decides that: an older one that was given up for dead is late. */
async function postpone({ database, log }: InboundDeps, event: ClaimedEvent, error: unknown): Promise<void> {
  const { id, type, attempts } = event
  const now = realNow()
  const wait = scheduleAttempt(attempts)
  const ended = await database.query(
    `update provider_event set last_error = $3, next_attempt_at = $4, processed_at = $5,
       outcome = case when $4::timestamptz is null then 'PARKED'::provider_event_outcome end
     where id = $1 and attempts = $2 and outcome is null returning 1`,
    [
      id,
      attempts,
      String(error).slice(0, 1_000),
      wait === null ? null : new Date(now + wait),
      wait === null ? new Date(now) : null,
    ],
  )
  if (ended.length === 0) return
  const told = { err: error, event: id, type, attempts }
  if (wait !== null) return log.warn(told, 'an event of the payment provider could not be processed; it is tried again')
  const [parked] = await database.query<{ count: number }>(
    `select count(*) from provider_event where outcome = 'PARKED'`,
  )
  log.error(
    { ...told, parked: parked?.count },
    'an event of the payment provider is parked: find out why, then let the provider send it again',
  )
}
