import { amountOf, formatAmount } from '@florin/core'
import type { SpendAnswer, StoredDraw } from './spend-request.ts'

export interface UsageError {
  readonly code: string
  readonly field: string | null
  readonly message: string
}

/** What became of one event, as the API shows it. Decimals as text. */
export interface RecordedUsage {
  readonly idempotencyKey: string
  readonly status: 'RECORDED' | 'DUPLICATE' | 'REJECTED' | 'VOIDED'
  readonly error: UsageError | null
  readonly draws: readonly StoredDraw[]
  readonly version: number | null
}

export type UsageTotals = Record<'quantity' | 'credits' | 'overage' | 'uncovered' | 'available', string>

export function toRecordedUsage(key: string, answer: SpendAnswer): RecordedUsage {
  if (answer.status === 'CONFLICT') {
    return rejected(key, 'IDEMPOTENCY_CONFLICT', 'idempotencyKey', 'this key was used before with another input')
  }
  if (answer.status === 'INVALID') return rejected(key, 'INVALID_INPUT', answer.field, answer.message)
  if (answer.status === 'SETTLED') throw new Error('a hold is no usage')
  const { draws, version } = answer.result
  const status = answer.status === 'VOIDED' ? 'VOIDED' : 'RECORDED'
  return { idempotencyKey: key, status, error: null, draws, version }
}

export function rejected(key: string, code: string, field: string | null, message: string): RecordedUsage {
  return { idempotencyKey: key, status: 'REJECTED', error: { code, field, message }, draws: [], version: null }
}

/** The one draw's figures, the sums where all draw on one credit type, else null. */
export function totalsOf(usage: RecordedUsage): UsageTotals | null {
  const [first, ...others] = usage.draws
  if (!first) return null
  if (others.length === 0) return first
  if (others.some(({ creditType }) => creditType !== first.creditType)) return null
  const total = (field: 'quantity' | 'credits' | 'overage' | 'uncovered') =>
    formatAmount(usage.draws.reduce((sum, draw) => sum + amountOf<'credits'>(draw[field]), 0n))
  return {
    quantity: total('quantity'),
    credits: total('credits'),
    overage: total('overage'),
    uncovered: total('uncovered'),
    available: usage.draws.at(-1)?.available ?? first.available,
  }
}
