import { formatMoney } from '../formats.ts'

/** Whole, or with up to nine decimals after a point or a comma. */
const AMOUNT = /^(\d{1,12})(?:[.,](\d{1,9}))?$/

/** What somebody typed as an exact decimal; null: it is none, or can be read in two ways, as "1,000" can. */
export function readAmount(typed: string): string | null {
  const text = typed.trim().replaceAll(/[\s\u00a0\u202f]/g, '')
  const match = AMOUNT.exec(text)
  if (!match) return null
  const [, whole = '0', fraction = ''] = match
  if (text.includes(',') && fraction.length === 3) return null
  const number = whole.replace(/^0+(?=\d)/, '')
  return fraction ? `${number}.${fraction}` : number
}

/** Decimals of a currency: 2 for USD, 0 for JPY. */
export function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** Money of which the API knows the plain decimal: "50" USD is $50.00. */
export function moneyOf(amount: string, currency: string, locale?: string): string {
  const [whole = '0', fraction = ''] = amount.split('.')
  const decimals = decimalsOf(currency)
  const padded = decimals > 0 || fraction ? `${whole}.${fraction.padEnd(decimals, '0')}` : whole
  return formatMoney({ amount: padded, currency }, locale)
}

/** `$20` or `$20.50`: a price in a list of prices needs no zeros. */
export function shortMoney(amount: string, currency: string, locale?: string): string {
  const plain = amount.replace(/\.0*$/, '')
  return plain.includes('.') ? moneyOf(plain, currency, locale) : formatMoney({ amount: plain, currency }, locale)
}

/** Below, at or above zero, as `a` is less than, equal to or greater than `b`: for sorting. */
export const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
