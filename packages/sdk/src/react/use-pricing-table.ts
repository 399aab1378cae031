import { useMemo, useState } from 'react'
import type { FlorinError } from '../client/errors.ts'
import { bundlesFor } from '../client/live/bundles.ts'
import { liveSubscriptions, placesOfCard, replacedBy } from '../client/live/card-place.ts'
import { compareCards, fixedPriceOf, isZero } from '../client/live/price.ts'
import type { Bundle, Money, RateCard, SubscriptionState, TaxRate } from '../client/types.ts'
import { useBillingState } from './use-billing-state.ts'
import { type PlanChoice, usePlanChoice } from './use-plan-change.ts'
import { useRateCards } from './use-rate-cards.ts'
import { useTaxRate } from './use-tax-rate.ts'

export type Interval = RateCard['interval']

export interface PricingTableOptions {
  /** Codes of the cards to show, in this order; all public ones unless it is said. */
  readonly rateCards?: readonly string[] | undefined
  /** A visitor who is not signed in has chosen this card: lead them to where they can. */
  readonly onSignIn?: ((rateCard: RateCard) => void) | undefined
}

export interface PricingPlan {
  readonly rateCard: RateCard
  /** Of one interval at the usual quantities; null where one number would not tell. */
  readonly price: Money | null
  readonly free: boolean
  /** The customer has it now, or will have it with the next period. */
  readonly current: boolean
  readonly pending: boolean
  /** What choosing it would be. */
  readonly how: 'start' | 'trial' | 'upgrade' | 'downgrade' | 'switch'
}

export interface PricingTable extends PlanChoice {
  /** Of the chosen interval, cheapest first unless an order is said; null until they are known. */
  readonly plans: readonly PricingPlan[] | null
  /** More than one: a switch makes sense. */
  readonly intervals: readonly Interval[]
  readonly interval: Interval
  readonly setInterval: (interval: Interval) => void
  readonly subscriptions: readonly SubscriptionState[]
  /** Of all that can be bought, each once. */
  readonly bundles: readonly Bundle[]
  /** On the prices, EXCLUSIVE, or in them; null: none, or not known yet. */
  readonly tax: TaxRate | null
  readonly catalogueError: FlorinError | null
  readonly reload: () => Promise<void>
}

const ORDER: readonly Interval[] = ['DAY', 'WEEK', 'MONTH', 'YEAR']

/** The public cards and the way to them: what `<PricingTable>` shows. */
export function usePricingTable({ rateCards: codes, onSignIn }: PricingTableOptions = {}): PricingTable {
  const { rateCards, error: catalogueError, reload } = useRateCards()
  const { state } = useBillingState()
  const { value: tax = null } = useTaxRate()
  const choice = usePlanChoice(onSignIn)
  const [chosen, setChosen] = useState<Interval | null>(null)
  const key = codes?.join('\n')
  const cards = useMemo(() => rateCards && cardsOf(rateCards, key?.split('\n')), [rateCards, key])
  const subscriptions = useMemo(() => liveSubscriptions(state), [state])

  const paid = cards?.filter((card) => !isFree(card)) ?? []
  const intervals = ORDER.filter((one) => paid.some(({ interval }) => interval === one))
  const own = subscriptions.find(({ rateCard }) => !isFree(rateCard))?.rateCard.interval
  const [first = 'MONTH'] = intervals
  const interval = chosen ?? (own && intervals.includes(own) ? own : first)
  const plans = useMemo(
    () =>
      cards
        ?.filter((card) => isShown(card, interval, cards) && canBeHad(card, subscriptions))
        .map((card) => planOf(card, subscriptions)) ?? null,
    [cards, interval, subscriptions],
  )
  const bundles = useMemo(
    () => bundlesOf(subscriptions, rateCards ?? [], cards ?? []),
    [subscriptions, rateCards, cards],
  )
  return {
    ...choice,
    plans,
    intervals,
    interval,
    setInterval: setChosen,
    subscriptions,
    bundles,
    tax,
    catalogueError,
    reload,
  }
}

const isFree = (card: RateCard): boolean => isZero(fixedPriceOf(card)?.amount ?? '')

function cardsOf(rateCards: readonly RateCard[], codes: readonly string[] | undefined): RateCard[] {
  if (codes) return codes.flatMap((code) => rateCards.find((card) => card.code === code) ?? [])
  return [...rateCards].sort((a, b) => Number(compareCards(a, b) ?? 0n))
}

/** A free card is there for every interval, unless it has a sister of the same name in this one. */
const isShown = (card: RateCard, interval: Interval, cards: readonly RateCard[]): boolean =>
  card.interval === interval ||
  (isFree(card) && !cards.some((other) => other.name === card.name && other.interval === interval))

/** Some card of the customer's is in the way where it is neither beside what they have nor a change of it. */
const canBeHad = (card: RateCard, subscriptions: readonly SubscriptionState[]): boolean =>
  placesOfCard(card, subscriptions).beside || replacedBy(card, subscriptions) !== undefined

function planOf(rateCard: RateCard, subscriptions: readonly SubscriptionState[]): PricingPlan {
  const replaced = replacedBy(rateCard, subscriptions)
  const price = fixedPriceOf(rateCard)
  return {
    rateCard,
    price,
    free: isFree(rateCard),
    current: replaced?.rateCard.code === rateCard.code,
    pending: replaced?.pendingRateCard?.code === rateCard.code,
    how: howOf(rateCard, replaced),
  }
}

function howOf(card: RateCard, replaced: SubscriptionState | undefined): PricingPlan['how'] {
  if (!replaced) return card.trialDays > 0 ? 'trial' : 'start'
  const difference = compareCards(card, replaced.rateCard) ?? 0n
  return difference > 0n ? 'upgrade' : difference < 0n ? 'downgrade' : 'switch'
}

/** Of the cards that are shown, and the customer's own. */
function bundlesOf(subscriptions: readonly SubscriptionState[], rateCards: readonly RateCard[], shown: RateCard[]) {
  const all = [...subscriptions.map(({ rateCard }) => rateCard), ...shown].flatMap(({ bundles }) => bundles)
  return bundlesFor(subscriptions, rateCards).filter(({ code }) => all.some((bundle) => bundle.code === code))
}
