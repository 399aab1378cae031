import { availableOf, formatAmount, moveWatches, type WatchChange } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import { announceEvents } from '../events/announce-event.ts'
import { type StoredWatch, thresholdOf } from './read-watches.ts'
import type { AccountWrite } from './write-accounts.ts'

const CHANGED: Statement = {
  name: 'ledger-write-watches',
  text: `update balance_watch b set armed = w.armed, crossed_at = coalesce(w.crossed_at, b.crossed_at)
         from unnest($1::uuid[], $2::bool[], $3::timestamptz[]) as w(id, armed, crossed_at) where b.id = w.id`,
}

interface Moved extends WatchChange<StoredWatch> {
  readonly write: AccountWrite
  readonly at: number
}

/**
 * Moves the thresholds over what was written: each that the balance has fallen to tells once. Answers the customers who
 * need credits bought, and those whose thresholds are not as they were read. The caller has their locks, and has read the watches behind them.
 *
 * @param refused those of whom more credits were asked than there were.
 */
export function settleWatches(
  tx: Transaction,
  writes: readonly AccountWrite[],
  watches: ReadonlyMap<number, readonly StoredWatch[]>,
  now: (customerPk: number) => number,
  refused: ReadonlySet<number> = new Set(),
): { needCredits: number[]; changed: ReadonlySet<number> } {
  const moved = writes.flatMap((write): Moved[] => {
    const own = watches.get(write.customerPk)
    const isRefused = refused.has(write.customerPk)
    if (!own || (write.entries.length === 0 && !isRefused)) return []
    const at = now(write.customerPk)
    return [{ ...moveWatches(own, write.after, write.entries, at, isRefused), write, at }]
  })
  const changed = moved.flatMap(({ changed, crossed, at }) =>
    changed.map(({ id, armed }) => ({ id, armed, at: crossed.some((watch) => watch.id === id) ? at : null })),
  )
  if (changed.length === 0) return { needCredits: [], changed: new Set() }
  tx.send(CHANGED, [
    arrayOf(changed.map(({ id }) => id)),
    arrayOf(changed.map(({ armed }) => String(armed))),
    arrayOf(changed.map(({ at }) => (at === null ? null : new Date(at).toISOString()))),
  ])
  tellAlerts(tx, moved)
  const needCredits = moved.filter(({ crossed }) => crossed.some(({ kind }) => kind === 'TOP_UP'))
  const rewatched = moved.filter((of) => of.changed.length > 0)
  return {
    needCredits: needCredits.map(({ write }) => write.customerPk),
    changed: new Set(rewatched.map(({ write }) => write.customerPk)),
  }
}

function tellAlerts(tx: Transaction, moved: readonly Moved[]): void {
  const events = moved.flatMap(({ crossed, write, at }) =>
    crossed
      .filter(({ kind }) => kind === 'ALERT')
      .map((watch) => ({
        customerPk: write.customerPk,
        type: 'balance.threshold_crossed' as const,
        data: {
          creditType: watch.creditTypeCode,
          ...thresholdOf(watch),
          available: formatAmount(availableOf(write.after, watch.creditType)),
        },
        occurredAt: at,
      })),
  )
  announceEvents(tx, events)
}
