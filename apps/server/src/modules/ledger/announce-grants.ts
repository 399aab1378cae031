import { formatAmount, type Grant, type LedgerEntry } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import { announceEvents, type EventType } from '../events/announce-event.ts'
import type { AccountWrite } from './write-accounts.ts'

/** Tells what became of grants: those that came, grew or shrank, ended, or were taken back. Draws and holds are not told one by one. */
export async function announceGrants(tx: Transaction, writes: readonly AccountWrite[]): Promise<void> {
  const heard = writes.filter(({ before }) => before.isHeard)
  const told = heard.flatMap((write) => write.entries.flatMap((entry) => toEvent(write, entry)))
  if (told.length === 0) return
  const rows = await tx.query<{ pk: number; code: string }>(
    `select pk, code from credit_type where pk = any($1::int[])`,
    [[...new Set(told.map(({ grant }) => grant.creditType))]],
  )
  const codes = new Map(rows.map(({ pk, code }) => [pk, code]))
  announceEvents(
    tx,
    told.map(({ customerPk, type, grant, entry }) => ({
      customerPk,
      type,
      data: {
        id: publicId('gr', grant.id),
        creditType: codes.get(grant.creditType),
        kind: grant.kind,
        change: formatAmount(entry.amount),
        amount: formatAmount(grant.amount),
        available: formatAmount(entry.availableAfter),
        expiresAt: grant.expiresAt === null ? null : new Date(grant.expiresAt).toISOString(),
      },
      occurredAt: entry.effectiveAt,
    })),
  )
}

function toEvent({ customerPk, after }: AccountWrite, entry: LedgerEntry) {
  const type = typeOf(entry, after.grants)
  const grant = type && after.grants.find(({ id }) => id === entry.grantId)
  return grant ? [{ customerPk, type, grant, entry }] : []
}

function typeOf({ kind, amount, grantId, cause }: LedgerEntry, grants: readonly Grant[]): EventType | null {
  const isWhole = grants.some((grant) => grant.id === grantId && grant.amount === amount)
  if (kind === 'GRANT' || (kind === 'ROLLOVER' && amount > 0n)) return isWhole ? 'grant.created' : 'grant.changed'
  if (kind === 'EXPIRE') return 'grant.expired'
  // A change of card makes an allowance smaller; everything else takes back what is left.
  if (kind === 'VOID') return cause.type === 'subscription' ? 'grant.changed' : 'grant.voided'
  return null
}
