import type { PaymentMethod } from '@florin/sdk'

const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  cartes_bancaires: 'Cartes Bancaires',
  diners: 'Diners Club',
  discover: 'Discover',
  eftpos_au: 'Eftpos',
  jcb: 'JCB',
  link: 'Link',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

/** `Visa ending in 4242`, `Bank account ending in 3000`. */
export function nameOf({ type, brand, last4 }: Pick<PaymentMethod, 'type' | 'brand' | 'last4'>): string {
  const kind = type === 'SEPA_DEBIT' ? 'Bank account' : (BRANDS[brand.toLowerCase()] ?? 'Card')
  return `${kind} ending in ${last4}`
}

export type Expiry = { words: string; tone: 'quiet' | 'due' | 'bad' }

const SOON_MONTHS = 2

/**
 * How long a card is good for, as of a moment: through the whole month that is printed on it. Null for what doesn't expire.
 */
export function expiryOf(
  { type, expMonth, expYear }: Pick<PaymentMethod, 'type' | 'expMonth' | 'expYear'>,
  now: number,
  timeZone: string,
): Expiry | null {
  if (type === 'SEPA_DEBIT' || expYear === 0) return null
  const date = `${String(expMonth).padStart(2, '0')}/${expYear}`
  const left = expYear * 12 + expMonth - monthOf(now, timeZone)
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
