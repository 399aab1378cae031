import {
  type AccessDecision,
  type Account,
  type Credits,
  catchUp,
  type ExactMoney,
  type Grant,
  isLive,
  isOpen,
  type MeterUsage,
  type Money,
  NO_USAGE,
  ONE,
  type Properties,
  type Quantity,
  subtract,
  sum,
} from '@florin/core'
import type { Catalog, CatalogMeter, PublishedCard } from '../catalog/read-catalog.ts'
import { type CommitmentView, commitmentView, type StoredCommitment } from '../commitments/read-commitments.ts'
import { storeGrant } from '../ledger/grant-state.ts'
import type { StoredHold } from '../ledger/read-holds.ts'
import type { StoredWatch } from '../ledger/read-watches.ts'
import type { PaymentMethod } from '../payments/read-payment-profile.ts'
import { isHeld, isInForce, periodHolding, type Subscription } from '../subscriptions/read-subscriptions.ts'
import type { AutoTopUp } from '../topups/read-auto-top-ups.ts'
import { applySpendLimit, type Spending } from '../usage/apply-spend-limit.ts'
import { decideRated, rateMeter, withoutCard } from '../usage/rate-meter.ts'
import { type UsageKey, usageKey } from '../usage/read-meter-usage.ts'

/** What the database says of one customer at one moment. */
export interface CustomerFacts {
  readonly customerPk: number
  readonly customerId: string
  readonly account: Account
  readonly spendLimit: ExactMoney | null
  readonly watches: readonly StoredWatch[]
  readonly subscriptions: readonly Subscription[]
  readonly usage: ReadonlyMap<UsageKey, MeterUsage>
  /** Credit types that the customer has ever had. */
  readonly creditTypes: readonly number[]
  readonly paymentMethod: PaymentMethod | null
  /** Contracts that have not ended, and those whose invoice is not paid. */
  readonly commitments: readonly StoredCommitment[]
  readonly autoTopUps: readonly AutoTopUp[]
  /** Money that the next invoices use first. */
  readonly accountCredit: Money | null
  /** Oldest first. In the database's facts also those whose time is over, until somebody writes that down. */
  readonly holds: readonly StoredHold[]
}

/** The read model behind `BillingState`: the facts, seen at an instant, with the catalogue that they refer to. */
export interface BillingState extends CustomerFacts {
  readonly at: number
  readonly catalog: Catalog
}

export interface Balance {
  readonly creditType: number
  readonly available: Credits
  readonly held: Credits
  /** Kept back while the payments that bought them are in dispute. */
  readonly frozen: Credits
  /** Spent, and refunded since: the next credits that are paid for settle it. */
  readonly debt: Credits
  readonly granted: Credits
  readonly used: Credits
  readonly overage: Credits
  readonly uncovered: Credits
  readonly overageAllowed: boolean
  readonly resetsAt: number | null
  readonly nextExpiryAt: number | null
  /** In drawdown order: live ones, and those of the future. */
  readonly grants: readonly Grant[]
}

/** Sees the facts at an instant: what has expired by then is gone, whether or not a sweeper has written it down. */
export function assembleBillingState(facts: CustomerFacts, catalog: Catalog, at: number): BillingState {
  const subscriptions = facts.subscriptions.filter((subscription) => isHeld(subscription, at))
  const holds = facts.holds.filter((hold) => isOpen(hold, at))
  const expired = facts.holds.filter((hold) => !isOpen(hold, at))
  return { ...facts, account: catchUp(facts.account, at, expired).account, subscriptions, holds, at, catalog }
}

/** The next instant at which time alone changes the state, but for the end of a period; Infinity if none does. */
export function nextDueAt({ account, holds }: BillingState): number {
  return Math.min(account.nextDueAt, ...holds.map(({ expiresAt }) => expiresAt))
}

/** One balance for each credit type that the customer has ever had or that a card of theirs draws on. */
export function balancesOf(state: BillingState): Balance[] {
  const pools = cardsOf(state).flatMap(({ card }) =>
    [...card.ratesByMeter.values()].map(({ creditType }) => creditType),
  )
  const held = state.account.grants.map(({ creditType }) => creditType)
  return [...new Set([...state.creditTypes, ...pools, ...held])]
    .sort((a, b) => a - b)
    .map((type) => balanceOf(state, type))
}

export function balanceOf(state: BillingState, creditType: number): Balance {
  const grants = state.account.grants.filter((grant) => grant.creditType === creditType && !grant.closed)
  const live = grants.filter((grant) => isLive(grant, state.at))
  const granted = sum(live.map(({ amount }) => amount))
  const held = sum(grants.map((grant) => grant.held))
  const heldOfLive = sum(live.map((grant) => grant.held))
  const frozen = sum(live.map((grant) => grant.frozen ?? (0n as Credits)))
  const available = sum(live.map(({ remaining }) => remaining))
  const usage = usageOfPool(state, creditType)
  return {
    creditType,
    available,
    held,
    frozen,
    debt: sum(grants.map(({ owed }) => owed)),
    granted,
    used: subtract(subtract(subtract(granted, available), heldOfLive), frozen),
    overage: sum(usage.map(({ overage }) => overage)),
    uncovered: sum(usage.map(({ uncovered }) => uncovered)),
    overageAllowed: cardsOf(state).some(({ card }) =>
      [...card.ratesByMeter.values()].some((rate) => rate.creditType === creditType && rate.overage === 'CHARGE'),
    ),
    resetsAt: nextAllowance(state, creditType),
    nextExpiryAt: earliest(live.filter(({ remaining }) => remaining > 0n).map(({ expiresAt }) => expiresAt)),
    grants: grants.filter(
      ({ remaining, held, frozen, owed }) => remaining > 0n || held > 0n || (frozen ?? 0n) > 0n || owed > 0n,
    ),
  }
}

/** The customer's cards that are in force, with the subscriptions that bring them. */
export function cardsOf(state: BillingState): { subscription: Subscription; card: PublishedCard }[] {
  return heldCardsOf(state).filter(({ subscription }) => isInForce(subscription, state.at))
}

/** The same with those that are paused. */
export function heldCardsOf(state: BillingState): { subscription: Subscription; card: PublishedCard }[] {
  return state.subscriptions.flatMap((subscription) => {
    const card = state.catalog.versionsByPk.get(subscription.cardPk)
    return card ? [{ subscription, card }] : []
  })
}

/** The invoice that a subscription has come to wait for, else one of a commitment, which the customer can pay. */
export function openInvoiceOf({ subscriptions, commitments }: BillingState): string | null {
  const waits = subscriptions.find(({ status, openInvoiceId }) => status === 'PAST_DUE' && openInvoiceId !== null)
  return waits?.openInvoiceId ?? commitments.find(({ openInvoiceId }) => openInvoiceId !== null)?.openInvoiceId ?? null
}

/** The contracts that have not ended, those of the future among them, with their grants as they are in this state. */
export function runningCommitments({ commitments, account, at }: BillingState): CommitmentView[] {
  return commitments
    .map((commitment) => {
      const grant = account.grants.find(({ id }) => id === commitment.grantId)
      return { ...commitmentView(commitment, at), ...(grant && { grant: storeGrant(grant) }) }
    })
    .filter(({ status }) => status === 'UPCOMING' || status === 'ACTIVE')
}

/** What a meter counted in the period that is running under the card that rates it. */
export function usageOfMeter(state: BillingState, meter: CatalogMeter): MeterUsage {
  const rating = rateMeter(state.subscriptions, state.catalog.versionsByPk, meter, state.at, state.at)
  if (!rating) return NO_USAGE
  return state.usage.get(usageKey(state.customerPk, meter.pk, rating.periodStart)) ?? NO_USAGE
}

export type StateAccess = ReturnType<typeof decideRated>

/** Would this usage be allowed in this state? Unknown properties are answered with the dearest price. */
export function accessIn(
  state: BillingState,
  meter: CatalogMeter,
  quantity: Quantity = ONE,
  properties?: Properties,
): StateAccess {
  const rating = rateMeter(state.subscriptions, state.catalog.versionsByPk, meter, state.at, state.at)
  if (!rating) return withoutCard(quantity)
  const usage = usageOfMeter(state, meter)
  const request = { rate: rating.rate, usage, quantity, properties: properties ?? {}, at: state.at }
  const access = decideRated(rating, state.account, request, properties === undefined)
  if (!access.ok) return access
  return { ok: true, decision: applySpendLimit(spendingIn(state), rating, access.decision, state.at) }
}

function spendingIn(state: BillingState): Spending {
  const { spendLimit, subscriptions, holds, customerPk, usage } = state
  return {
    spendLimit,
    subscriptions,
    versions: state.catalog.versionsByPk,
    heldOverage: (meterPk) => sum(holds.filter(({ meter }) => meter === meterPk).map(({ overage }) => overage)),
    usageOf: (meterPk, periodStart) => usage.get(usageKey(customerPk, meterPk, periodStart)) ?? NO_USAGE,
  }
}

/** The same where nothing can be unpriced: quantity 1, dearest price. */
export function usualAccess(state: BillingState, meter: CatalogMeter): AccessDecision {
  const access = accessIn(state, meter)
  if (!access.ok) throw new Error(`the dearest price of meter ${meter.code} has no answer`)
  return access.decision
}

/** The meters on the customer's cards, each once. */
export function metersOf(state: BillingState): { meter: CatalogMeter; creditType: number }[] {
  const found = new Map<number, number>()
  for (const { card } of cardsOf(state))
    for (const [meter, rate] of card.ratesByMeter) found.set(meter, rate.creditType)
  return [...found].flatMap(([pk, creditType]) => {
    const meter = state.catalog.metersByPk.get(pk)
    return meter ? [{ meter, creditType }] : []
  })
}

/** Features of the customer's cards: a switch is on if any card has it on, and numbers of several cards add up. */
export function featuresOf(state: BillingState): Map<string, unknown> {
  const features = new Map<string, unknown>()
  for (const { card } of cardsOf(state)) {
    for (const [name, value] of Object.entries(card.card.features)) {
      features.set(name, features.has(name) ? combine(features.get(name), value) : value)
    }
  }
  return features
}

function combine(known: unknown, value: unknown): unknown {
  if (typeof known === 'number' && typeof value === 'number') return known + value
  if (typeof known === 'boolean' && typeof value === 'boolean') return known || value
  return value
}

function usageOfPool(state: BillingState, creditType: number): MeterUsage[] {
  return cardsOf(state).flatMap(({ subscription, card }) => {
    const start = periodHolding(subscription, card.card.interval, state.at)?.start ?? subscription.currentPeriodStart
    return [...card.ratesByMeter.values()]
      .filter((rate) => rate.creditType === creditType)
      .map(({ meter }) => state.usage.get(usageKey(state.customerPk, meter, start)) ?? NO_USAGE)
  })
}

function nextAllowance(state: BillingState, creditType: number): number | null {
  const code = state.catalog.creditTypesByPk.get(creditType)?.code
  const brings = ({ card }: PublishedCard) =>
    card.allowances.some((allowance) => allowance.creditType === code) ||
    card.usageRates.some((rate) => rate.creditType === code && rate.includedUnits > 0n)
  return earliest(
    cardsOf(state)
      .filter(({ subscription, card }) => brings(card) && !subscription.cancelAtPeriodEnd)
      .map(({ subscription }) => subscription.currentPeriodEnd),
  )
}

function earliest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null)
  return known.length > 0 ? Math.min(...known) : null
}
