/**
 * How many decimals the minor unit of each currency has (ISO 4217).
 *
 * A table and not `Intl`, because the same invoice must come out of every machine, whatever its ICU data say. Left out:
 * currencies whose minor unit is not decimal (MGA, MRU) or that providers count otherwise than ISO does (ISK).
 */

const WITHOUT_DECIMALS = 'BIF CLP DJF GNF JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'

const WITH_THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND'

const WITH_TWO_DECIMALS = `
  AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
  CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
  KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB
  PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SOS SRD SSP STN SYP SZL THB TJS TMT TOP TRY TTD TWD
  TZS UAH USD UYU UZS WST XCD YER ZAR ZMW`

const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...withDecimals(WITHOUT_DECIMALS, 0),
  ...withDecimals(WITH_TWO_DECIMALS, 2),
  ...withDecimals(WITH_THREE_DECIMALS, 3),
])

/** Digits after the point of a currency's minor unit, or null for a code that Florin does not bill in. Upper case. */
export function currencyDecimals(code: string): number | null {
  return DECIMALS.get(code) ?? null
}

/** Every currency that Florin bills in, in alphabetical order. */
export const CURRENCIES: readonly string[] = [...DECIMALS.keys()].sort()

function withDecimals(codes: string, decimals: number): [string, number][] {
  return codes
    .trim()
    .split(/\s+/)
    .map((code) => [code, decimals])
}

// Source: docs.stripe.com/currencies, "Minimum and maximum charge amounts". What comes to less in a currency that is not listed
// there is left to the provider to say.
const LEAST_CHARGES: Readonly<Record<string, bigint>> = {
  AED: 200n,
  AUD: 50n,
  BRL: 50n,
  CAD: 50n,
  CHF: 50n,
  CZK: 15_00n,
  DKK: 250n,
  EUR: 50n,
  GBP: 30n,
  HKD: 400n,
  HUF: 175_00n,
  INR: 50n,
  JPY: 50n,
  MXN: 1000n,
  MYR: 200n,
  NOK: 300n,
  NZD: 50n,
  PLN: 200n,
  RON: 200n,
  SEK: 300n,
  SGD: 50n,
  THB: 1000n,
  USD: 50n,
}

/** The least that can be collected at once, in minor units. */
export function leastCharge(code: string): bigint {
  return LEAST_CHARGES[code] ?? 1n
}

/** The smallest step in which money is collected, in minor units: where a unit has a thousand parts, banks count hundredths. */
export function chargeStep(code: string): bigint {
  return currencyDecimals(code) === 3 ? 10n : 1n
}
