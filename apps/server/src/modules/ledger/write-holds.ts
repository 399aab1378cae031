import { formatAmount } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import { announceEvents, type EventType } from '../events/announce-event.ts'
import type { StoredHold } from './read-holds.ts'

const NEW_HOLDS: Statement = {
  name: 'ledger-write-new-holds',
  text: `insert into hold (id, status, quantity, credits, overage, parts, budgets, expires_at, captured, settled_at, customer_pk,
           payer_pk, meter_pk, credit_type_pk, properties, ttl_ms, created_at)
         select * from unnest($1::uuid[], $2::hold_status[], $3::numeric[], $4::numeric[], $5::numeric[], $6::jsonb[], $7::jsonb[],
           $8::timestamptz[], $9::numeric[], $10::timestamptz[], $11::bigint[], $12::bigint[], $13::int[], $14::int[],
           $15::jsonb[], $16::int[], $17::timestamptz[])`,
}

const GROWN_HOLDS: Statement = {
  name: 'ledger-write-grown-holds',
  text: `update hold h set status = w.status, quantity = w.quantity, credits = w.credits, overage = w.overage, parts = w.parts,
           budgets = w.budgets, expires_at = w.expires_at, captured = w.captured, settled_at = w.settled_at
         from unnest($1::uuid[], $2::hold_status[], $3::numeric[], $4::numeric[], $5::numeric[], $6::jsonb[], $7::jsonb[],
           $8::timestamptz[], $9::numeric[], $10::timestamptz[])
           as w(id, status, quantity, credits, overage, parts, budgets, expires_at, captured, settled_at)
         where h.id = w.id`,
}

const SETTLED_HOLDS: Statement = {
  name: 'ledger-write-settled-holds',
  text: `update hold h set status = w.status, captured = w.captured, settled_at = w.settled_at
         from unnest($1::uuid[], $2::hold_status[], $3::numeric[], $4::timestamptz[]) as w(id, status, captured, settled_at)
         where h.id = w.id`,
}

/** A hold as it was, if it was, and as it is now. */
export interface HoldChange {
  readonly before: StoredHold | undefined
  readonly after: StoredHold
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
export function writeHolds(tx: Transaction, changes: readonly HoldChange[], isHeard: boolean): void {
  if (changes.length === 0) return
  const created = changes.filter(({ before }) => !before).map(({ after }) => after)
  const settled = changes.filter(isOnlySettled).map(({ after }) => after)
  const grown = changes.filter((change) => change.before && !isOnlySettled(change)).map(({ after }) => after)
  if (created.length > 0) tx.send(NEW_HOLDS, [...stateColumns(created), ...originColumns(created)])
  if (grown.length > 0) tx.send(GROWN_HOLDS, stateColumns(grown))
  if (settled.length > 0) tx.send(SETTLED_HOLDS, settledColumns(settled))
  if (isHeard)
    announceEvents(
      tx,
      changes.flatMap(({ after }) => toEvent(after)),
    )
}

/** Nothing is in it but what was in it before. */
function isOnlySettled({ before, after }: HoldChange): boolean {
  return after.status !== 'OPEN' && before?.quantity === after.quantity && before.expiresAt === after.expiresAt
}

function stateColumns(holds: readonly StoredHold[]): unknown[] {
  return [
    arrayOf(holds.map(({ id }) => id)),
    arrayOf(holds.map(({ status }) => status)),
    arrayOf(holds.map(({ quantity }) => formatAmount(quantity))),
    arrayOf(holds.map(({ credits }) => formatAmount(credits))),
    arrayOf(holds.map(({ overage }) => formatAmount(overage))),
    holds.map(({ parts }) => JSON.stringify(parts.map(({ grantId, amount }) => [grantId, formatAmount(amount)]))),
    holds.map(({ budgets }) =>
      JSON.stringify(budgets.map(({ customerPk, start, credits }) => [customerPk, start, formatAmount(credits)])),
    ),
    arrayOf(holds.map(({ expiresAt }) => instant(expiresAt))),
    arrayOf(holds.map(({ captured }) => (captured === null ? null : formatAmount(captured)))),
    arrayOf(holds.map(({ settledAt }) => (settledAt === null ? null : instant(settledAt)))),
  ]
}

function originColumns(holds: readonly StoredHold[]): unknown[] {
  return [
    arrayOf(holds.map(({ customerPk }) => customerPk)),
    arrayOf(holds.map(({ payerPk }) => payerPk)),
    arrayOf(holds.map(({ meter }) => meter)),
    arrayOf(holds.map(({ creditType }) => creditType)),
    holds.map(({ properties }) => JSON.stringify(properties)),
    arrayOf(holds.map(({ ttlMs }) => ttlMs)),
    arrayOf(holds.map(({ createdAt }) => instant(createdAt))),
  ]
}

function settledColumns(holds: readonly StoredHold[]): unknown[] {
  return [
    arrayOf(holds.map(({ id }) => id)),
    arrayOf(holds.map(({ status }) => status)),
    arrayOf(holds.map(({ captured }) => (captured === null ? null : formatAmount(captured)))),
    arrayOf(holds.map(({ settledAt }) => (settledAt === null ? null : instant(settledAt)))),
  ]
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString()
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
