import type { BillingState, Bundle, RateCard } from '@florin/sdk'

/** The bundles that the customer may buy: of their own cards first, then public ones of credits that they use. */
export function offersOf(
  { subscriptions, balances }: Pick<BillingState, 'subscriptions' | 'balances'>,
  publicCards: readonly RateCard[],
): Bundle[] {
  const own = subscriptions.flatMap(({ rateCard }) => rateCard.bundles)
  const used = new Set(balances.map(({ creditType }) => creditType))
  const others = publicCards.flatMap(({ bundles }) => bundles).filter(({ creditType }) => used.has(creditType))
  const byCode = new Map<string, Bundle>()
  for (const bundle of [...own, ...others]) if (!byCode.has(bundle.code)) byCode.set(bundle.code, bundle)
  return [...byCode.values()]
}

/** `Good for 90 days`, `Good for a year`. */
export function lifeOf({ expiresAfterDays: days }: Pick<Bundle, 'expiresAfterDays'>): string {
  if (days === null) return 'They do not expire'
  if (days === 1) return 'Good for a day'
  return days === 365 ? 'Good for a year' : `Good for ${days} days`
}
