import { formatAmount, formatDay } from '../invoices/describe-invoice.ts'
import type { PaymentMethod } from '../payments/read-payment-profile.ts'
import type { MailContent } from './mail-content.ts'

export interface TrialEndFacts {
  readonly seller: string
  readonly timezone: string
  readonly plan: string
  readonly interval: 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'
  /** What is charged at its end: decimal text in a currency. */
  readonly amount: string
  readonly currency: string
  readonly endsAt: number
  /** What is charged; null: there is nothing on file for it. */
  readonly method: Pick<PaymentMethod, 'type' | 'last4'> | null
  /** Where one is added. */
  readonly methodUrl: string
}

/** A trial ends soon: when, and what follows. */
export function describeTrialEnd(facts: TrialEndFacts): MailContent {
  const { seller, timezone, plan, interval, currency, endsAt, method, methodUrl } = facts
  const day = formatDay(endsAt, timezone, 'long')
  const amount = formatAmount(facts.amount, currency)
  const free = !/[1-9]/.test(facts.amount)
  const price = free ? 'Free' : `${amount} a ${interval.toLowerCase()}`
  return {
    subject: `Your trial of ${plan} ends on ${day}`,
    preview: free ? `${plan} goes on at no charge.` : `Then ${price}.`,
    heading: `Your trial ends on ${day}`,
    parts: [
      { kind: 'figure', label: `${plan} after the trial`, value: price, sentence: null },
      { kind: 'text', text: nextOf(facts, day, amount, free) },
      ...(free || method ? [] : [{ kind: 'button' as const, label: 'Add a payment method', url: methodUrl }]),
      ...(free
        ? []
        : [{ kind: 'text' as const, text: `Not for you? Cancel in ${seller} before then, and nothing is charged.` }]),
    ],
  }
}

function nextOf({ plan, method }: TrialEndFacts, day: string, amount: string, free: boolean): string {
  if (free) return `${plan} goes on after the trial, at no charge.`
  if (method) {
    const name = `${method.type === 'CARD' ? 'card' : 'bank account'} ending in ${method.last4}`
    return `On ${day} your ${name} is charged ${amount}, and ${plan} goes on without a break.`
  }
  return `There is no payment method on file yet. Add one before ${day}, so that ${plan} goes on without a break. Nothing is charged before then.`
}
