import {
  type Credits,
  catchUp,
  type ExactMoney,
  type Grant,
  isLive,
  isOpen,
  type MeterUsage,
  type Money,
  NO_USAGE,
  type Quantity,
  settleIn,
  subtract,
  sum,
  ZERO,
} from '@florin/core'
import type { Catalog, CatalogMeter, PublishedCard } from '../catalog/read-catalog.ts'
import { type CommitmentView, commitmentView, type StoredCommitment } from '../commitments/read-commitments.ts'
import { storeGrant } from '../ledger/grant-state.ts'
import type { StoredAccount } from '../ledger/load-accounts.ts'
import { renewBudgets, type StoredBudget } from '../ledger/read-budgets.ts'
import type { StoredHold } from '../ledger/read-holds.ts'
import type { StoredWatch } from '../ledger/read-watches.ts'
import type { PaymentMethod } from '../payments/read-payment-profile.ts'
import { isHeld, isInForce, periodHolding, type Subscription } from '../subscriptions/read-subscriptions.ts'
import type { AutoTopUp } from '../topups/read-auto-top-ups.ts'
import { heldBy } from '../usage/feed-meter.ts'
import { findPayer } from '../usage/rate-meter.ts'
import { type UsageKey, usageKey } from '../usage/read-meter-usage.ts'

/** What decisions need to know of who asks, and of each who stands above them. */
export interface PayerFacts {
  readonly customerPk: number
  readonly customerId: string
  readonly account: StoredAccount
  readonly spendLimit: ExactMoney | null
  readonly subscriptions: readonly Subscription[]
  readonly usage: ReadonlyMap<UsageKey, MeterUsage>
  /** Of their grants, oldest first. In the database's facts also those whose time is over, until somebody writes that down. */
  readonly holds: readonly StoredHold[]
  readonly budgets: readonly StoredBudget[]
}

/** What the database says of one customer at one moment. */
export interface CustomerFacts extends PayerFacts {
  /** Parent, grandparent and so on. Theirs is only what decisions about the customer need: none of it is shown. */
  readonly ancestors: readonly PayerFacts[]
  /** What the customer and those below have used of the periods that ancestors pay for. */
  readonly quantities: ReadonlyMap<UsageKey, Quantity>
  readonly watches: readonly StoredWatch[]
  /** Credit types that the customer has ever had. */
  readonly creditTypes: readonly number[]
  readonly paymentMethod: PaymentMethod | null
  /** Contracts that have not ended, and those whose invoice is not paid. */
  readonly commitments: readonly StoredCommitment[]
  readonly autoTopUps: readonly AutoTopUp[]
  /** Money that the next invoices use first. */
  readonly accountCredit: Money | null
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
  const expired = [facts, ...facts.ancestors].flatMap(({ holds }) => holds.filter((hold) => !isOpen(hold, at)))
  const ancestors = facts.ancestors.map((ancestor) => seenAt(ancestor, expired, at))
  return { ...facts, ...seenAt(facts, expired, at), ancestors, at, catalog }
}

function seenAt(facts: PayerFacts, expired: readonly StoredHold[], at: number): PayerFacts {
  const { customerPk } = facts
  const own = expired.filter(({ payerPk }) => payerPk === customerPk)
  const { account } = catchUp(facts.account, at, own)
  const { budgets, periods } = renewBudgets(
    facts.budgets.map((budget) => expired.reduce(giveBack, budget)),
    at,
  )
  return {
    ...facts,
    account: { ...facts.account, ...account, version: account.version + periods },
    subscriptions: facts.subscriptions.filter((subscription) => isHeld(subscription, at)),
    holds: facts.holds.filter((hold) => isOpen(hold, at)),
    budgets,
  }
}

function giveBack(budget: StoredBudget, hold: StoredHold): StoredBudget {
  const reserved = hold.budgets.find(({ customerPk }) => customerPk === budget.customerPk)
  if (!reserved || hold.creditType !== budget.creditType) return budget
  return { ...budget, ...settleIn(budget, reserved, heldBy(hold), ZERO).budget }
}

/** The customer, and those above: whoever pays for a meter is one of them. */
export function lineOf(state: BillingState): readonly PayerFacts[] {
  return [state, ...state.ancestors]
}

/** Grows with whatever happens to the customer or to those above. */
export function versionOf(state: BillingState): number {
  return lineOf(state).reduce((sum, { account }) => sum + account.version, 0)
}

/** The next instant at which time alone changes what the state says of one of its line; Infinity if none does. */
export function nextDueAt({ account, holds, budgets }: PayerFacts): number {
  const ends = budgets.map(({ end }) => end ?? Number.POSITIVE_INFINITY)
  return Math.min(account.nextDueAt, ...holds.map(({ expiresAt }) => expiresAt), ...ends)
}

/** Open holds that the customer has asked for, or whose credits are the customer's. */
export function holdsOf(state: BillingState): StoredHold[] {
  const asked = state.ancestors.flatMap(({ holds }) =>
    holds.filter(({ customerPk }) => customerPk === state.customerPk),
  )
  return [...state.holds, ...asked].sort((a, b) => a.createdAt - b.createdAt)
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

type CardHolder = Pick<BillingState, 'subscriptions' | 'catalog' | 'at'>

/** The customer's cards that are in force, with the subscriptions that bring them. */
export function cardsOf(state: CardHolder): { subscription: Subscription; card: PublishedCard }[] {
  return heldCardsOf(state).filter(({ subscription }) => isInForce(subscription, state.at))
}

/** The same with those that are paused. */
export function heldCardsOf(state: CardHolder): { subscription: Subscription; card: PublishedCard }[] {
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

/** Who pays for the meter; null: no card of the customer or of those above rates it. */
export function payerIn(state: BillingState, meter: CatalogMeter) {
  return findPayer(lineOf(state), state.catalog.versionsByPk, meter, state.at, state.at)
}

/** The meters on the cards of the customer and of those above, each once, with who pays for it. */
export function metersOf(state: BillingState): { meter: CatalogMeter; creditType: number; payerId: string }[] {
  const found = new Map<number, number>()
  for (const member of [...lineOf(state)].reverse()) {
    for (const { card } of cardsOf({ ...member, at: state.at, catalog: state.catalog }))
      for (const [meter, rate] of card.ratesByMeter) found.set(meter, rate.creditType)
  }
  return [...found].flatMap(([pk, creditType]) => {
    const meter = state.catalog.metersByPk.get(pk)
    if (!meter) return []
    const paid = payerIn(state, meter)
    return [
      {
        meter,
        creditType: paid?.rating.rate.creditType ?? creditType,
        payerId: paid?.payer.customerId ?? state.customerId,
      },
    ]
  })
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
