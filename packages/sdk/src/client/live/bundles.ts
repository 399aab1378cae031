import type { Bundle, RateCard, SubscriptionState } from '../types.ts'

/**
 * What the customer can buy, each code once. Cards may sell different things under one code: it stands for what the first of the
 * customer's own cards has under it, else the first public card in the catalogue's order. So does the server sell it.
 */
export function bundlesFor(subscriptions: readonly SubscriptionState[], publicCards: readonly RateCard[]): Bundle[] {
  const byCode = new Map<string, Bundle>()
  for (const card of [...subscriptions.map(({ rateCard }) => rateCard), ...publicCards]) {
    for (const bundle of card.bundles) if (!byCode.has(bundle.code)) byCode.set(bundle.code, bundle)
  }
  return [...byCode.values()]
}
