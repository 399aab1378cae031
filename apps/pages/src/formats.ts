/** An exact decimal in text, which stays text until it is shown. */
export type Money = { amount: string; currency: string }

/** Intl reads decimals from text exactly; only the type wants to hear that the text is a number. */
function exact(amount: string): `${number}` {
  return amount as `${number}`
}

/** `$1,234.50`, in the reader's own notation and with the decimals that were billed: what ICU knows of a currency's differs. */
export function formatMoney({ amount, currency }: Money, locale?: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return withMinus(format.format(exact(amount)))
}

/** Credits and quantities: grouped, with up to the nine decimals that Florin keeps. */
export function formatNumber(amount: string, locale?: string): string {
  return withMinus(new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }).format(exact(amount)))
}

/** A minus is as wide as a digit, and is read as one; the hyphen of most locales is neither. */
const withMinus = (text: string) => text.replace('-', '−')

/** Whether an exact decimal in text is nothing. */
export const isZero = (amount: string) => !/[1-9]/.test(amount)
