import { invalidRequest } from './api-error.ts'
import type { Reader } from './params.ts'

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/** A currency's ISO code, in lower case as Stripe keeps it. */
export const currencyCode: Reader<string> = (value, param) => {
  const code = String(value).toLowerCase()
  if (CURRENCIES.has(code.toUpperCase())) return code
  throw invalidRequest(`Invalid currency: ${String(value)}`, { param })
}

/** An amount in minor units as people read it: 10000 usd is "$100.00", 500 jpy is "¥500". */
export function formatMoney(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2
  const digits = String(amount).padStart(decimals + 1, '0')
  const point = digits.length - decimals
  return format.format(`${digits.slice(0, point)}.${digits.slice(point)}0` as `${number}`)
}
