import { formatMoney, isZero } from '../formats.ts'
import { taxWords } from '../tax-words.ts'
import type { Checkout, CheckoutLine } from './checkout-api.ts'

/** `21 Dec`, or `21 Dec 2027` where a year is needed to tell; kept on one line. */
export function formatDay(instant: string, withYear: boolean, locale?: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(withYear && { year: 'numeric' }),
  })
  return format.format(new Date(instant)).replaceAll(' ', '\u00a0')
}

type Later = Pick<Checkout, 'nextRenewal' | 'nextRenewalAt' | 'rateCard' | 'trialEndsAt' | 'taxRate'>

/** `Then $119.00 every month from 21 Dec, VAT included`, or when a trial is charged for the first time; null for what is bought once. */
export function renewalSentence(checkout: Later, locale?: string): string | null {
  const { nextRenewal, nextRenewalAt, rateCard, trialEndsAt, taxRate } = checkout
  if (!nextRenewal || !nextRenewalAt || !rateCard) return null
  const interval = rateCard.interval.toLowerCase()
  const day = formatDay(nextRenewalAt, rateCard.interval === 'YEAR', locale)
  if (isZero(nextRenewal.amount)) return `Renews every ${interval}, at no cost`
  const amount = formatMoney(nextRenewal, locale)
  const sentence = trialEndsAt
    ? `First charge on ${day}: ${amount}, then every ${interval}`
    : `Then ${amount} every ${interval} from ${day}`
  return taxRate ? `${sentence}, ${taxWords({ name: taxRate.name, mode: 'INCLUSIVE' })}` : sentence
}

/** What it takes to stop paying; null for what is bought once. */
export function cancelSentence(checkout: Later, locale?: string): string | null {
  const { nextRenewal, rateCard, trialEndsAt } = checkout
  if (!rateCard || !nextRenewal || isZero(nextRenewal.amount)) return null
  if (trialEndsAt) return `Cancel before ${formatDay(trialEndsAt, false, locale)} and you pay nothing.`
  return `Renews until you cancel. You can cancel at any time, and keep what you paid for until that ${rateCard.interval.toLowerCase()} ends.`
}

const CREDITED = / \(credited\)$/

/** A line in plain words: what is given back for time that was not used, and what is charged for the time that is left. */
export function lineWords(line: CheckoutLine, locale?: string): { what: string; detail: string | null } {
  const { description, amount, proration, periodEnd } = line
  const until = periodEnd && formatDay(periodEnd, false, locale)
  if (amount.startsWith('-') && CREDITED.test(description)) {
    return { what: `Unused part of ${description.replace(CREDITED, '')}`, detail: 'Paid before, taken off now' }
  }
  return { what: description, detail: proration && until ? `For the time left until ${until}` : null }
}

export function formatTime(instant: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(new Date(instant))
}
