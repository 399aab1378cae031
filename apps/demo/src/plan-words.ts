import type { RateCard } from '@florin/sdk'

/** A flat price as the catalogue holds it. Persona has no others. */
function flatAmount(price: unknown): string | null {
  const flat = (price as { flat?: { amount?: string } } | null)?.flat
  return flat?.amount ?? null
}

function money(amount: string, currency: string): string {
  const whole = /\.0+$|^\d+$/.test(amount)
  const format = new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...(whole && { maximumFractionDigits: 0 }),
  })
  return format.format(amount as `${number}`)
}

/** `$100 a month` */
export function priceOf(plan: RateCard): string {
  const amount = flatAmount(plan.fixedRates[0]?.price)
  return amount ? `${money(amount, plan.currency)} a ${plan.interval.toLowerCase()}` : 'Free'
}

/** `105 credits` */
export function allowanceOf(plan: RateCard): string {
  return `${plan.allowances[0]?.amount ?? 0} credits`
}

/** `$0.90`, for each credit beyond the allowance; null where the plan stops there. */
export function overagePriceOf(plan: RateCard): string | null {
  const rate = plan.usageRates[0]
  const amount = rate?.overage === 'CHARGE' ? flatAmount(rate.overagePrice) : null
  return amount && money(amount, plan.currency)
}
