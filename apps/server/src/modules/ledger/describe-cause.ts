import type { LedgerEntryKind } from '@florin/core'

/** What an entry stores of its cause, and what helps to say it in a sentence. */
export interface EntryFacts {
  readonly kind: LedgerEntryKind
  readonly amount: string
  readonly creditType: string
  readonly causeType: string
  readonly causeId: string
  readonly cause: Readonly<Record<string, unknown>> | null
}

/** The cause as the API shows it: type, id, a sentence that a person can read, and what else is known. */
export function describeCause(entry: EntryFacts): Record<string, unknown> {
  return { type: entry.causeType, id: entry.causeId, text: sentence(entry), ...entry.cause }
}

function sentence({ kind, amount, creditType, causeType, cause }: EntryFacts): string {
  const credits = `${amount.replace('-', '')} ${creditType}`
  const reason = typeof cause?.reason === 'string' ? cause.reason : null
  if (kind === 'DRAW') return `${credits} for ${cause?.quantity} of ${cause?.meter}`
  if (kind === 'OVERAGE')
    return `${cause?.credits} ${creditType} beyond the grants, to be invoiced: ${cause?.quantity} of ${cause?.meter}`
  if (kind === 'UNCOVERED')
    return `${cause?.credits} ${creditType} beyond the grants, not charged: ${cause?.quantity} of ${cause?.meter}`
  if (kind === 'EXPIRE') return reason ? `${credits} ended: ${reason}` : `${credits} expired unspent`
  if (kind === 'VOID') return `${credits} taken back${reason ? `: ${reason}` : ''}`
  if (kind === 'GRANT')
    return `${credits} granted${reason ? `: ${reason}` : causeType === 'time' ? ' as of its start' : ''}`
  return `${credits}: ${kind.toLowerCase()}`
}
