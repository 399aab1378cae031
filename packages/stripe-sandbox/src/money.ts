import { invalidRequest } from './api-error.ts'
import type { Reader } from './params.ts'

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/** A currency's ISO code, in lower case as Stripe keeps it. */
export const currencyCode: Reader<string> = (value, param) => {
  const code = String(value).toLowerCase()
  if (CURRENCIES.has(code.toUpperCase())) return code
  throw invalidRequest(`Invalid currency: ${String(value)}`, { param })
}

/** Stripe's limits for a charge, in minor units. Source: docs.stripe.com/currencies, "Minimum and maximum". */
export const MAX_AMOUNT = 99_999_999
const MIN_AMOUNTS: Readonly<Record<string, number>> = {
  aed: 200,
  czk: 1500,
  dkk: 250,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  mxn: 1000,
  myr: 200,
  nok: 300,
  pln: 200,
  ron: 200,
  sek: 300,
  thb: 1000,
}

export function minAmount(currency: string): number {
  return MIN_AMOUNTS[currency] ?? 50
}

/** An amount in minor units as people read it: 10000 usd is "$100.00", 500 jpy is "¥500". */
export function formatMoney(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2
  const digits = String(amount).padStart(decimals + 1, '0')
  const point = digits.length - decimals
  return format.format(`${digits.slice(0, point)}.${digits.slice(point)}0` as `${number}`)
}
