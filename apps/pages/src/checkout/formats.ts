import { formatMoney, type Money } from '../formats.ts'
import type { Checkout, PaymentMethod } from './checkout-api.ts'

/** Whether there is nothing to pay. */
export function isNothing({ amount }: Money): boolean {
  return /^-?[0.]+$/.test(amount)
}

/** `Then $100.00 every month from 21 Dec`, the day kept on one line; null for what is bought once. The year is named where a renewal is a year away. */
export function renewalSentence(
  checkout: Pick<Checkout, 'nextRenewal' | 'nextRenewalAt' | 'rateCard'>,
  locale?: string,
): string | null {
  const { nextRenewal, nextRenewalAt, rateCard } = checkout
  if (!nextRenewal || !nextRenewalAt || !rateCard) return null
  const day = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(rateCard.interval === 'YEAR' && { year: 'numeric' }),
  })
    .format(new Date(nextRenewalAt))
    .replaceAll(' ', '\u00a0')
  return `Then ${formatMoney(nextRenewal, locale)} every ${rateCard.interval.toLowerCase()} from ${day}`
}

export function formatTime(instant: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(new Date(instant))
}

/** `Visa •••• 4242`: providers name brands in lower case. */
export function formatCard({ brand, last4 }: PaymentMethod): string {
  return `${brand.charAt(0).toUpperCase()}${brand.slice(1)} •••• ${last4}`
}
