import type { LedgerEntryKind } from '@florin/core'
import { publicId } from '../../platform/ids.ts'

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
  return {
    type: entry.causeType,
    id: namedId(entry),
    text: reversal(entry) ?? sentence(entry, meterName),
    ...entry.cause,
  }
}

/** Ids as the API shows what they name. */
function namedId({ causeType, causeId }: EntryFacts): string {
  if (causeType === 'payment') return publicId('pay', causeId)
  return causeType === 'dispute' ? publicId('dsp', causeId) : causeId
}

/** What refunds and disputes do; null for anything else. */
function reversal({ kind, amount, causeType, cause }: EntryFacts): string | null {
  const credits = amount.replace('-', '')
  if (cause?.settles === 'debt') {
    return kind === 'DRAW'
      ? 'Settles the debt of a refunded payment'
      : 'Taken back: it was refunded while it was in use'
  }
  if (causeType === 'dispute') {
    if (kind === 'HOLD') return 'Frozen while the payment is in dispute'
    return kind === 'RELEASE' ? 'Released: the dispute is over' : 'Ended while the payment was in dispute'
  }
  if (causeType !== 'payment' || kind === 'GRANT') return null
  if (kind === 'VOID') {
    const why = cause?.disputeId ? 'Lost in a dispute' : 'Refunded'
    return `${why}: ${credits} for ${cause?.refunded} of ${cause?.paid} ${cause?.currency}`
  }
  if (kind === 'REVERSE') return 'Given back: the refund failed'
  return kind === 'RELEASE' ? 'Released, to be taken back' : 'Frozen while the payment is in dispute'
}

function sentence({ kind, amount, causeType, cause }: EntryFacts, meterName: (code: string) => string): string {
  const by = typeof cause?.by === 'string' ? ` by ${cause.by}` : ''
  const used = `${cause?.quantity} × ${meterName(String(cause?.meter))}${by}`
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
      if (causeType === 'commitment') return `Ended with the contract “${cause?.name}”`
      if (causeType === 'usage_event') return 'Given back too late: its grant had ended'
      if (causeType === 'hold') return 'Released too late: its grant had ended'
      return reason ? `Ended: ${reason}` : 'Expired unspent'
    case 'VOID':
      if (causeType === 'commitment') return `Taken back: the contract “${cause?.name}” was called off`
      if (causeType === 'usage_event') return 'Given back too late: its grant had been taken back'
      if (causeType === 'hold') return 'Released too late: its grant had been taken back'
      return reason ? `Taken back: ${reason}` : 'Taken back'
    case 'GRANT':
      if (causeType === 'commitment') return `Committed by the contract “${cause?.name}”`
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
