import { amountOf, formatAmount, type LedgerEntryKind } from '@florin/core'
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts'
import type { Moment } from './read-past.ts'

/** A ledger entry as a list shows it. Decimals as text. */
export interface EntryView {
  readonly pk: bigint
  readonly creditType: string
  readonly grantId: string | null
  readonly kind: LedgerEntryKind
  readonly amount: string
  readonly availableAfter: string
  readonly version: number
  readonly effectiveAt: Date
  readonly createdAt: Date
  readonly causeType: string
  readonly causeId: string
  readonly cause: Readonly<Record<string, unknown>> | null
}

export interface LedgerQuery {
  readonly customerPk: number
  readonly creditType: string | null
  readonly take: number
  /** Only entries older than this one. */
  readonly before: bigint | null
  /** Only what had taken effect by then; left out: all. */
  readonly until?: Moment
}

/** A customer's ledger entries, newest first. */
export async function readLedger(prisma: PrismaClient, query: LedgerQuery): Promise<EntryView[]> {
  const where: Prisma.LedgerEntryWhereInput = {
    customerPk: query.customerPk,
    ...(query.creditType === null ? {} : { creditType: { code: query.creditType } }),
    ...(query.before === null ? {} : { pk: { lt: query.before } }),
    ...(query.until === undefined ? {} : untilOf(query.until)),
  }
  const rows = await prisma.ledgerEntry.findMany({
    where,
    include: { creditType: { select: { code: true } } },
    orderBy: { pk: 'desc' },
    take: query.take,
  })
  return rows.map((row) => ({
    ...row,
    creditType: row.creditType.code,
    amount: formatAmount(amountOf(row.amount.toFixed())),
    availableAfter: formatAmount(amountOf(row.availableAfter.toFixed())),
    version: Number(row.version),
    cause: row.cause as Record<string, unknown> | null,
  }))
}

function untilOf({ at, version }: Moment): Prisma.LedgerEntryWhereInput {
  return version === null ? { effectiveAt: { lte: new Date(at) } } : { version: { lte: version } }
}
