import {
  type Account,
  allowancesOf,
  type Credits,
  costOfEvent,
  dearestCost,
  fixedTotal,
  isPerEvent,
  NO_USAGE,
  type Properties,
  placesOf,
  type Quantity,
  spendable,
} from '@florin/core'
import { findOwnBundle } from '../catalog/find-bundle.ts'
import type { Catalog, CatalogMeter, PublishedCard } from '../catalog/read-catalog.ts'
import { isHeld, type Subscription } from '../subscriptions/read-subscriptions.ts'
import { rateMeter } from './rate-meter.ts'
import type { StoredRemedies } from './spend-request.ts'

/** Who asks for what, when a usage was refused. */
export interface Refusal {
  readonly catalog: Catalog
  readonly customer: { readonly account: Account; readonly subscriptions: readonly Subscription[] }
  readonly meter: CatalogMeter
  readonly quantity: Quantity
  readonly properties: Properties
  readonly now: number
}

/**
 * What would lift the refusal: the public cards under which the same usage would be allowed at once, cheapest first,
 * and the bundles of the card that rates the meter that hold enough credits.
 */
export function findRemedies(refusal: Refusal): StoredRemedies {
  const { catalog, customer, meter, now } = refusal
  if (isPaused(refusal)) return { cardPks: [], bundles: [] }
  const current = rateMeter(customer.subscriptions, catalog.versionsByPk, meter, now, now)
  const cards = [...catalog.cards.values()]
    .filter(({ card }) => card.public && card.code !== current?.card.card.code)
    .filter((card) => canBeHad(refusal, card) && liftsRefusal(refusal, card, current?.card ?? null))
    .sort((a, b) => Number(fixedTotal(a.card, {}).minor - fixedTotal(b.card, {}).minor))
  return { cardPks: cards.map(({ pk }) => pk), bundles: current ? helpfulBundles(refusal, current.card) : [] }
}

/** Not where two of the customer's cards rate what it rates: no one change leads there. */
function canBeHad({ catalog, customer, now }: Refusal, { card }: PublishedCard): boolean {
  const held = customer.subscriptions.filter((subscription) => isHeld(subscription, now))
  const { beside, insteadOf } = placesOf(card, held, ({ cardPk }) => catalog.versionsByPk.get(cardPk)?.card)
  return beside || insteadOf.length > 0
}

/** The card that rates the meter is the customer's already, and rests: only resuming it helps. */
function isPaused({ catalog, customer, meter }: Refusal): boolean {
  return customer.subscriptions.some(
    ({ status, cardPk }) => status === 'PAUSED' && catalog.versionsByPk.get(cardPk)?.ratesByMeter.has(meter.pk),
  )
}

function liftsRefusal(refusal: Refusal, offer: PublishedCard, current: PublishedCard | null): boolean {
  const rate = offer.ratesByMeter.get(refusal.meter.pk)
  if (!rate) return false
  if (rate.overage === 'CHARGE') return true
  const pool = refusal.catalog.creditTypesByPk.get(rate.creditType)?.code ?? ''
  const brings = (card: PublishedCard | null) => (card && allowancesOf(card.card, {}).get(pool)) ?? 0n
  const { account } = refusal.customer
  const available = spendable(account, rate.creditType, refusal.meter.pk, refusal.now)
  const cost = costUnder(rate.creditCost, refusal)
  return cost !== null && cost <= available + brings(offer) - brings(current)
}

function helpfulBundles(refusal: Refusal, current: PublishedCard): StoredRemedies['bundles'] {
  const rate = current.ratesByMeter.get(refusal.meter.pk)
  if (!rate) return []
  const pool = refusal.catalog.creditTypesByPk.get(rate.creditType)?.code
  const available = spendable(refusal.customer.account, rate.creditType, refusal.meter.pk, refusal.now)
  const cost = costUnder(rate.creditCost, refusal) ?? 0n
  return (
    current.card.bundles
      .filter(({ creditType, credits }) => creditType === pool && cost <= available + credits)
      // Bought by its code, it is the first of the customer's cards that sells it.
      .filter(
        ({ code }) => findOwnBundle(refusal.catalog, refusal.customer.subscriptions, code)?.card.pk === current.pk,
      )
      .map(({ code }) => ({ cardPk: current.pk, code }))
  )
}

function costUnder(price: PublishedCard['card']['usageRates'][number]['creditCost'], refusal: Refusal): Credits | null {
  const { quantity, properties } = refusal
  if (price === null) return quantity as bigint as Credits
  const priced = costOfEvent<'credits'>(price, { before: NO_USAGE.quantity, quantity, properties })
  if (priced.ok) return priced.cost
  return isPerEvent(price) ? dearestCost<'credits'>(price, quantity) : null
}
