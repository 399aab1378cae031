import type { PaymentMethod } from '@florin/sdk'

// How checkout and portal name what is paid with.

type Named = Pick<PaymentMethod, 'brand' | 'last4'>

type Expiring = Pick<PaymentMethod, 'expMonth' | 'expYear'>

const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  cartes_bancaires: 'Cartes Bancaires',
  diners: 'Diners Club',
  discover: 'Discover',
  eftpos_au: 'eftpos',
  jcb: 'JCB',
  link: 'Link',
  mastercard: 'Mastercard',
  sepa_debit: 'Bank account',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

const kindOf = (brand: string) => BRANDS[brand.toLowerCase()] ?? 'Card'

/** `Visa ending in 4242`, `Bank account ending in 3000`. */
export const nameOf = ({ brand, last4 }: Named) => `${kindOf(brand)} ending in ${last4}`

/** The same for a button: `Visa •••• 4242`. */
export const shortNameOf = ({ brand, last4 }: Named) => `${kindOf(brand)} •••• ${last4}`

/** `04/2028`; null for what does not expire, as a bank account. */
export function expiryDateOf({ expMonth, expYear }: Expiring): string | null {
  return expYear === 0 ? null : `${String(expMonth).padStart(2, '0')}/${expYear}`
}

/** Whether its month is over wherever on earth, for a page that does not know where the customer is. */
export function isExpired({ expMonth, expYear }: Expiring, now: number): boolean {
  const twelveHours = 12 * 60 * 60_000
  return expYear !== 0 && Date.UTC(expYear, expMonth, 1) + twelveHours <= now
}

export type Expiry = { words: string; tone: 'quiet' | 'due' | 'bad' }

const SOON_MONTHS = 2

/**
 * How long a card is good for, as of a moment: through the whole month that is printed on it. Null for what doesn't expire.
 */
export function expiryOf(method: Expiring, now: number, timeZone: string): Expiry | null {
  const date = expiryDateOf(method)
  if (date === null) return null
  const left = method.expYear * 12 + method.expMonth - monthOf(now, timeZone)
  if (left < 0) return { words: `Expired in ${date}`, tone: 'bad' }
  if (left === 0) return { words: `Expires this month (${date})`, tone: 'due' }
  return left <= SOON_MONTHS
    ? { words: `Expires soon (${date})`, tone: 'due' }
    : { words: `Expires ${date}`, tone: 'quiet' }
}

/** Months since the year 0 of the local date. */
function monthOf(now: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' }).format(new Date(now))
  const [year = 0, month = 0] = parts.split('-').map(Number)
  return year * 12 + month
}
