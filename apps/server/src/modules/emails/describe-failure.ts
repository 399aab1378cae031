import { declineWords } from '@florin/core'
import { formatAmount, formatDay } from '../invoices/describe-invoice.ts'
import type { MailContent, MailPart } from './mail-content.ts'

export interface FailureFacts {
  readonly seller: string
  readonly timezone: string
  /** Decimal text in a currency. */
  readonly amount: string
  readonly currency: string
  /** Of the invoice that could not be collected. */
  readonly number: string
  /** The plan that it is for; null: none that would end. */
  readonly plan: string | null
  readonly code: string
  /** Epoch milliseconds; null: this was the last attempt. */
  readonly nextAttemptAt: number | null
  readonly pageUrl: string
}

/** A payment that did not go through: why, what happens next, and what the customer can do. */
export function describeFailure(facts: FailureFacts): MailContent {
  const { seller, code, currency, number, plan, pageUrl } = facts
  const amount = formatAmount(facts.amount, currency)
  const over = facts.nextAttemptAt === null && plan !== null
  const confirm = code === AUTHENTICATION && !over
  return {
    subject: confirm ? `Confirm your payment to ${seller}` : `Your payment to ${seller} did not go through`,
    preview: `${amount} for invoice ${number}`,
    heading: confirm ? 'Your bank wants you to confirm this payment' : 'Your payment did not go through',
    parts: [
      { kind: 'figure', label: over ? 'Not paid' : 'Amount due', value: amount, sentence: declineWords(code).reason },
      {
        kind: 'facts',
        facts: [{ label: 'Invoice', value: number }, ...(plan ? [{ label: 'Plan', value: plan }] : [])],
      },
      { kind: 'text', text: nextOf(facts) },
      buttonOf(over, confirm, amount, pageUrl),
    ],
  }
}

const AUTHENTICATION = 'authentication_required'
function nextOf({ code, nextAttemptAt, plan, timezone }: FailureFacts): string {
  if (nextAttemptAt !== null) {
    const day = formatDay(nextAttemptAt, timezone, 'long')
    if (code === AUTHENTICATION) return `Confirm it by ${day}: we try again then.`
    if (code === 'no_payment_method') return `Pay with a card by ${day}: we try again then.`
    return `We try again on ${day}. You can also pay now, in another way if you like.`
  }
  if (plan === null) return 'We will not try again by ourselves: please pay on the page of the invoice.'
  return `This was the last attempt, so ${plan} has ended. Credits that you bought are kept for the next plan.`
}

function buttonOf(over: boolean, confirm: boolean, amount: string, url: string): MailPart {
  if (over) return { kind: 'button', label: 'View invoice', url }
  return { kind: 'button', label: confirm ? `Confirm ${amount}` : `Pay ${amount}`, url }
}

export interface TopUpFacts {
  readonly seller: string
  /** The name of what was to be bought: "100 credits". */
  readonly bundle: string
  readonly reason: string
  readonly actionUrl: string
}

/** A top-up that can't be made without the customer. */
export function describeTopUp({ seller, bundle, reason, actionUrl }: TopUpFacts): MailContent {
  const confirm = reason === AUTHENTICATION
  return {
    subject: confirm ? `Confirm your top-up at ${seller}` : `Your automatic top-up at ${seller} did not go through`,
    preview: `${bundle}: ${declineWords(reason).reason}`,
    heading: confirm ? 'Your bank wants you to confirm this top-up' : 'Your automatic top-up did not go through',
    parts: [
      { kind: 'figure', label: 'Top-up', value: bundle, sentence: declineWords(reason).reason },
      {
        kind: 'text',
        text: 'We do not try again by ourselves. Once you have paid, automatic top-ups go on as before.',
      },
      { kind: 'button', label: confirm ? 'Confirm top-up' : 'Top up now', url: actionUrl },
    ],
  }
}
