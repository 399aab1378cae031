import type { Money } from '../../client/types.ts'

/** Numbers, money and days as a locale writes them. Decimals keep every digit: they are never turned into floats. */
export interface Formats {
  readonly locale: string
  readonly number: (decimal: string) => string
  /** With all decimals of the currency, as on an invoice: "$20.00". Smaller parts are kept: "$0.003". */
  readonly money: (money: Money) => string
  /** As on a price tag: "$20", "$20.50". */
  readonly price: (money: Money) => string
  /** "Feb 1, 2027" */
  readonly date: (instant: string) => string
  /** The hour, day or month that a bucket of usage stands for, long and short. */
  readonly bucket: (bucket: Span, length: 'long' | 'short') => string
}

interface Span {
  readonly start: string
  readonly end: string
}

const HOUR_MS = 3_600_000

export function createFormats(locale: string, timeZone: string): Formats {
  const currencyFormat = remember((currency: string, least: number, most: number) => {
    const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const
    const usual = new Intl.NumberFormat(locale, style).resolvedOptions().maximumFractionDigits ?? 2
    const [minimumFractionDigits, maximumFractionDigits] = [Math.min(least, usual), Math.max(most, least ? usual : 0)]
    return new Intl.NumberFormat(locale, { ...style, minimumFractionDigits, maximumFractionDigits })
  })
  const numberFormat = remember(
    (maximumFractionDigits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits }),
  )
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone })
  return {
    locale,
    number: (decimal) => written(numberFormat(fractionOf(decimal).length), decimal),
    money: ({ amount, currency }) =>
      written(currencyFormat(currency, ALL_OF_THE_CURRENCY, fractionOf(amount).length), amount),
    price: ({ amount, currency }) => {
      const fraction = fractionOf(amount)
      const least = fraction ? ALL_OF_THE_CURRENCY : 0
      return written(currencyFormat(currency, least, fraction.length), amount)
    },
    date: (instant) => day.format(new Date(instant)),
    bucket: createBucketFormat(locale, timeZone),
  }
}

/** A minus is as wide as a digit, and is read as one; the hyphen of most locales is neither. */
const written = (format: Intl.NumberFormat, decimal: string) => format.format(decimal as `${number}`).replace('-', '−')

const ALL_OF_THE_CURRENCY = 9

/** The digits after the point, without trailing zeros. */
const fractionOf = (decimal: string) => (decimal.split('.')[1] ?? '').replace(/0+$/, '').slice(0, 20)

/**
 * A bucket is named by its middle: local midnight of the customer's zone may be the day before here, their noon is not.
 * Hours are given as they are here.
 */
function createBucketFormat(locale: string, timeZone: string): Formats['bucket'] {
  const named = remember((size: 'hour' | 'day' | 'month', length: 'long' | 'short') => {
    const long = length === 'long'
    const parts: Record<typeof size, Intl.DateTimeFormatOptions> = {
      hour: { ...(long && { day: 'numeric', month: 'short' }), hour: 'numeric', minute: '2-digit', timeZone },
      day: { ...(long && { weekday: 'short' }), day: 'numeric', month: 'short', timeZone: 'UTC' },
      month: { month: long ? 'long' : 'short', ...(long && { year: 'numeric' }), timeZone: 'UTC' },
    }
    return new Intl.DateTimeFormat(locale, parts[size])
  })
  return ({ start, end }, length) => {
    const [from, to] = [Date.parse(start), Date.parse(end)]
    const hours = (to - from) / HOUR_MS
    const size = hours < 20 ? 'hour' : hours < 30 ? 'day' : 'month'
    return named(size, length).format(size === 'hour' ? from : from + (to - from) / 2)
  }
}

/** Intl's objects are slow to make, and a page needs few of them. */
function remember<Asked extends unknown[], Made>(make: (...asked: Asked) => Made): (...asked: Asked) => Made {
  const made = new Map<string, Made>()
  return (...asked) => {
    const key = asked.join()
    const value = made.get(key) ?? make(...asked)
    made.set(key, value)
    return value
  }
}
