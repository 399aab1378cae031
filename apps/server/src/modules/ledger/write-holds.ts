import { formatAmount } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import { announceEvents, type EventType } from '../events/announce-event.ts'
import type { StoredHold } from './read-holds.ts'

const HOLDS: Statement = {
  name: 'ledger-write-holds',
  text: `insert into hold (id, customer_pk, payer_pk, meter_pk, credit_type_pk, status, quantity, credits, overage, parts,
           budgets, properties, expires_at, ttl_ms, created_at, captured, settled_at)
         select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::int[], $5::int[], $6::hold_status[], $7::numeric[],
           $8::numeric[], $9::numeric[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::timestamptz[], $14::int[],
           $15::timestamptz[], $16::numeric[], $17::timestamptz[])
         on conflict (id) do update set status = excluded.status, quantity = excluded.quantity, credits = excluded.credits,
           overage = excluded.overage, parts = excluded.parts, budgets = excluded.budgets, expires_at = excluded.expires_at,
           captured = excluded.captured, settled_at = excluded.settled_at`,
}

/** The first end of open holds; null: there is none. */
export function firstEnd(holds: readonly StoredHold[]): number | null {
  const ends = holds.filter(({ status }) => status === 'OPEN').map(({ expiresAt }) => expiresAt)
  return ends.length === 0 ? null : Math.min(...ends)
}

/** The hold after its time is over. */
export function expireHold(hold: StoredHold): StoredHold {
  return { ...hold, status: 'EXPIRED', settledAt: hold.expiresAt }
}

/** Writes holds that are new or have changed, and tells what became of them. The caller has their payers' locks. */
export function writeHolds(tx: Transaction, holds: readonly StoredHold[]): void {
  if (holds.length === 0) return
  tx.send(HOLDS, [
    arrayOf(holds.map(({ id }) => id)),
    arrayOf(holds.map(({ customerPk }) => customerPk)),
    arrayOf(holds.map(({ payerPk }) => payerPk)),
    arrayOf(holds.map(({ meter }) => meter)),
    arrayOf(holds.map(({ creditType }) => creditType)),
    arrayOf(holds.map(({ status }) => status)),
    arrayOf(holds.map(({ quantity }) => formatAmount(quantity))),
    arrayOf(holds.map(({ credits }) => formatAmount(credits))),
    arrayOf(holds.map(({ overage }) => formatAmount(overage))),
    holds.map(({ parts }) => JSON.stringify(parts.map(({ grantId, amount }) => [grantId, formatAmount(amount)]))),
    holds.map(({ budgets }) =>
      JSON.stringify(budgets.map(({ customerPk, start, credits }) => [customerPk, start, formatAmount(credits)])),
    ),
    holds.map(({ properties }) => JSON.stringify(properties)),
    arrayOf(holds.map(({ expiresAt }) => new Date(expiresAt).toISOString())),
    arrayOf(holds.map(({ ttlMs }) => ttlMs)),
    arrayOf(holds.map(({ createdAt }) => new Date(createdAt).toISOString())),
    arrayOf(holds.map(({ captured }) => (captured === null ? null : formatAmount(captured)))),
    arrayOf(holds.map(({ settledAt }) => (settledAt === null ? null : new Date(settledAt).toISOString()))),
  ])
  announceEvents(tx, holds.flatMap(toEvent))
}

const SETTLED: Readonly<Record<'CAPTURED' | 'RELEASED' | 'EXPIRED', EventType>> = {
  CAPTURED: 'hold.captured',
  RELEASED: 'hold.released',
  EXPIRED: 'hold.expired',
}

/** An extension is no event of its own: a stream makes one a second. */
function toEvent(hold: StoredHold) {
  const { customerPk, status, createdAt, expiresAt, ttlMs, settledAt } = hold
  if (status === 'OPEN' && expiresAt !== createdAt + ttlMs) return []
  const type = status === 'OPEN' ? 'hold.created' : SETTLED[status]
  const data = {
    id: publicId('hold', hold.id),
    quantity: formatAmount(hold.quantity),
    credits: formatAmount(hold.credits),
    captured: hold.captured === null ? null : formatAmount(hold.captured),
    expiresAt: new Date(expiresAt).toISOString(),
  }
  return [{ customerPk, type, data, occurredAt: settledAt ?? createdAt }]
}
