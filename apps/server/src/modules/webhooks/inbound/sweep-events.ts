import { realNow } from '../../../platform/clock.ts'
import { arrayOf, type Database } from '../../../platform/database.ts'
import type { PaymentProvider } from '../../payments/provider.ts'
import type { ProviderEvent } from '../../payments/provider-events.ts'
import type { ReceiveDeps } from './receive-event.ts'
import { storeEvents } from './store-events.ts'
import { SWEPT_TYPES } from './topic-of.ts'

const EVERY_MS = 3 * 60_000
/** Events appear a little after they happened, and not in their order. */
const OVERLAP_MS = 10 * 60_000
/** The provider lists no older ones. */
const FURTHEST_MS = 30 * 86_400_000

interface Sweep {
  readonly name: string
  readonly sweptTo: number | null
  /** When this sweep is given up for dead: also how its owner is known. */
  lease: number
}

/**
 * Lists what the provider has to tell since the newest event that was listed before, and stores what was never delivered, for
 * whichever process gets to it. One process at a time does that for an account, every few minutes.
 *
 * @param isOver whether to stop after the page that is being read.
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE. The next sweep begins where this one did.
 */
export async function sweepEvents(deps: ReceiveDeps, provider: PaymentProvider, isOver: () => boolean): Promise<void> {
  const { database, log } = deps
  const sweep = await claimSweep(database, `${provider.source} ${(await provider.readAccount()) ?? 'unknown'}`)
  if (!sweep) return
  const since = Math.max((sweep.sweptTo ?? 0) - OVERLAP_MS, realNow() - FURTHEST_MS)
  let newest = sweep.sweptTo ?? 0
  let missed = 0
  for (let after: string | null = null; ; ) {
    const { events, next } = await provider.listEvents({ types: SWEPT_TYPES, since, after })
    missed += await storeMissing(deps, provider, events)
    newest = Math.max(newest, ...events.map(({ createdAt }) => createdAt))
    if (next === null) break
    after = next
    if (isOver() || !(await renew(database, sweep))) return
  }
  const now = realNow()
  await database.query(
    `update provider_sweep set swept_to = $2, swept_at = $3, next_at = $4 where name = $1 and next_at = $5`,
    [
      sweep.name,
      newest === 0 ? null : new Date(newest),
      new Date(now),
      new Date(now + EVERY_MS),
      new Date(sweep.lease),
    ],
  )
  if (missed > 0) log.info({ source: provider.source, missed }, 'events of the payment provider had not arrived yet')
}

async function claimSweep(database: Database, name: string): Promise<Sweep | null> {
  const now = realNow()
  const lease = now + EVERY_MS
  const [claimed] = await database.query<{ sweptTo: number | null }>(
    `insert into provider_sweep as s (name, next_at) values ($1, $3)
     on conflict (name) do update set next_at = $3 where s.next_at <= $2 returning swept_to as "sweptTo"`,
    [name, new Date(now), new Date(lease)],
  )
  return claimed ? { name, sweptTo: claimed.sweptTo, lease } : null
}

/** Answers whether the sweep is still ours. */
async function renew(database: Database, sweep: Sweep): Promise<boolean> {
  const lease = realNow() + EVERY_MS
  const rows = await database.query(
    `update provider_sweep set next_at = $3 where name = $1 and next_at = $2 returning 1`,
    [sweep.name, new Date(sweep.lease), new Date(lease)],
  )
  sweep.lease = lease
  return rows.length > 0
}

async function storeMissing(
  deps: ReceiveDeps,
  provider: PaymentProvider,
  events: readonly ProviderEvent[],
): Promise<number> {
  const known = await deps.database.query<{ id: string }>(`select id from provider_event where id = any($1::text[])`, [
    arrayOf(events.map(({ id }) => id)),
  ])
  const ids = new Set(known.map(({ id }) => id))
  const stored = await storeEvents(
    deps.database,
    provider,
    events.filter(({ id }) => !ids.has(id)),
  )
  if (stored > 0) deps.providerEvents.wake()
  return stored
}
