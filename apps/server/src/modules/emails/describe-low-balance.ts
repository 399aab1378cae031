import { formatQuantity } from '../invoices/describe-invoice.ts'
import type { MailContent } from './mail-content.ts'

export interface LowBalanceFacts {
  readonly seller: string
  /** What the credits are called: "Credits". */
  readonly creditType: string
  /** Exact decimals as text. */
  readonly available: string
}

/** The balance has fallen to a threshold. */
export function describeLowBalance({ seller, creditType, available }: LowBalanceFacts): MailContent {
  const left = formatQuantity(available)
  const none = !/[1-9]/.test(available)
  return {
    subject: none ? `${creditType} at ${seller}: none left` : `${creditType} at ${seller}: ${left} left`,
    preview: none ? 'Your balance is used up.' : `Your balance is down to ${left}.`,
    heading: none ? 'Your balance is used up' : 'Your balance is running low',
    parts: [
      { kind: 'figure', label: creditType, value: left, sentence: 'left when we wrote this' },
      { kind: 'text', text: `To go on without a break, top up or change your plan in ${seller}.` },
    ],
  }
}
