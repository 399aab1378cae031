/** An exact decimal in text, which stays text until it is shown. */
export type Money = { amount: string; currency: string }

/** Intl reads decimals from text exactly; only the type wants to hear that the text is a number. */
function exact(amount: string): `${number}` {
  return amount as `${number}`
}

/** `$1,234.50`, in the reader's own notation and the currency's own decimals. */
export function formatMoney({ amount, currency }: Money, locale?: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
    exact(amount),
  )
}

/** Credits and quantities: grouped, with up to the nine decimals that Florin keeps. */
export function formatNumber(amount: string, locale?: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }).format(exact(amount))
}
