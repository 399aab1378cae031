import { type BillingState, type Bundle, bundlesFor, type RateCard } from '@florin/sdk'

/** The bundles that the customer may buy: those of their own cards, and public ones of credits that they use. */
export function offersOf(
  { subscriptions, balances }: Pick<BillingState, 'subscriptions' | 'balances'>,
  publicCards: readonly RateCard[],
): Bundle[] {
  const own = new Set(subscriptions.flatMap(({ rateCard }) => rateCard.bundles.map(({ code }) => code)))
  const used = new Set(balances.map(({ creditType }) => creditType))
  return bundlesFor(subscriptions, publicCards).filter(({ code, creditType }) => own.has(code) || used.has(creditType))
}

/** `Good for 90 days`, `Good for a year`. */
export function lifeOf({ expiresAfterDays: days }: Pick<Bundle, 'expiresAfterDays'>): string {
  if (days === null) return 'They do not expire'
  if (days === 1) return 'Good for a day'
  return days === 365 ? 'Good for a year' : `Good for ${days} days`
}
