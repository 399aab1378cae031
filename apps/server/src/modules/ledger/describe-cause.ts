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
export function describeCause(entry: EntryFacts, meterName: (code: string) => string): Record<string, unknown> {
  return { type: entry.causeType, id: entry.causeId, text: sentence(entry, meterName), ...entry.cause }
}

function sentence({ kind, amount, causeType, cause }: EntryFacts, meterName: (code: string) => string): string {
  const used = `${cause?.quantity} × ${meterName(String(cause?.meter))}`
  const reason = typeof cause?.reason === 'string' ? cause.reason : null
  switch (kind) {
    case 'DRAW':
      return typeof cause?.hold === 'string' ? `Used ${used}, of what was held for it` : `Used ${used}`
    case 'OVERAGE':
      return `Used ${used}: ${cause?.credits} beyond the grants, to be invoiced`
    case 'UNCOVERED':
      return `Used ${used}: ${cause?.credits} beyond the grants, not charged`
    case 'REVERSE':
      return causeType === 'usage_event' ? undone(used, cause) : 'Given back'
    case 'EXPIRE':
      if (causeType === 'usage_event') return 'Given back too late: its grant had ended'
      if (causeType === 'hold') return 'Released too late: its grant had ended'
      return reason ? `Ended: ${reason}` : 'Expired unspent'
    case 'VOID':
      if (causeType === 'usage_event') return 'Given back too late: its grant had been taken back'
      if (causeType === 'hold') return 'Released too late: its grant had been taken back'
      return reason ? `Taken back: ${reason}` : 'Taken back'
    case 'GRANT':
      return reason ? `Granted: ${reason}` : causeType === 'time' ? 'Took effect' : 'Granted'
    case 'ROLLOVER':
      return amount.startsWith('-') ? 'Rolled over into the next period' : 'Rolled over from the period before'
    case 'HOLD':
      // What comes back to a grant in dispute is frozen with it.
      if (cause?.quantity === undefined || cause?.reverses) return 'Frozen with its grant, which is in dispute'
      return `Held ${credits(amount)} for ${used}`
    case 'RELEASE':
      return `Released ${credits(amount)} of a hold${cause?.meter ? ` for ${meterName(String(cause.meter))}` : ''}: ${reason}`
  }
}

function credits(amount: string): string {
  const size = amount.replace('-', '')
  return `${size} ${size === '1' ? 'credit' : 'credits'}`
}

function undone(used: string, cause: EntryFacts['cause']): string {
  if (cause?.reverses === 'OVERAGE')
    return `Voided ${used}: ${cause.credits} beyond the grants, no longer to be invoiced`
  if (cause?.reverses === 'UNCOVERED') return `Voided ${used}: ${cause.credits} beyond the grants, which no one paid`
  return `Given back: ${used}`
}
