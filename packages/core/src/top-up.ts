/**
 * Automatic top-ups: when to buy bundles, how many, and when not. Source: product.md, "Credits beyond the plan".
 *
 * Nobody looks on while money moves, so every way to go wrong has a bound: one charge at a time (the caller's lock), limits
 * for the local month, an hour after a decline, three declines a day.
 */
import { type Account, availableOf } from './account.ts'
import { bucketsBetween } from './buckets.ts'
import type { Span } from './calendar.ts'
import { type Credits, subtract } from './decimal.ts'
import { debtOf } from './watch.ts'

export type TopUpState = 'READY' | 'CHARGING' | 'BACKING_OFF' | 'NEEDS_CUSTOMER' | 'LIMIT_REACHED' | 'OFF'

/** What a customer agreed to. */
export interface TopUpTerms {
  readonly threshold: Credits
  /** What one bundle brings. */
  readonly credits: Credits
  /** Automatic charges a month; null: no limit. */
  readonly maxPerMonth: number | null
  /** Money a month with tax, in minor units of the bundle's currency; null: no limit. */
  readonly maxSpendPerMonth: bigint | null
}

/** How often a card was refused, one attempt after the other. Instants are epoch milliseconds. */
export interface Declines {
  /** The card at the provider. */
  readonly card: string
  readonly count: number
  readonly firstAt: number
  readonly lastAt: number
}

/** How things stand, seen behind the customer's lock and while no charge is on its way. */
export interface TopUpSituation {
  readonly enabled: boolean
  readonly now: number
  /** Available credits less debts: see `topUpValue`. */
  readonly value: Credits
  /** A payment of the customer's is in dispute. */
  readonly disputed: boolean
  /** The card on file; null: none. */
  readonly card: string | null
  readonly declines: Declines | null
  /** The most that a card is charged at once, in minor units. */
  readonly mostAtOnce: bigint
  /** Automatic charges of the local month that succeeded, their money in minor units, and when the month ends. */
  readonly month: { readonly charges: number; readonly spent: bigint; readonly end: number }
}

export type TopUpDecision =
  /** Switched off. */
  | { readonly kind: 'NOTHING' }
  /** The balance is above the threshold. */
  | { readonly kind: 'READY' }
  | { readonly kind: 'BUY'; readonly quantity: number }
  /** A card was refused less than an hour ago. */
  | { readonly kind: 'WAIT'; readonly until: number }
  | { readonly kind: 'LIMIT_REACHED'; readonly until: number }
  | { readonly kind: 'NEEDS_CUSTOMER'; readonly why: 'no_card' | 'declined' | 'disputed' }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DECLINES_A_DAY = 3
/** The most bundles of one charge. Whatever is still missing is the next one's. */
const MOST_BUNDLES = 1_000

/** Whether a payment that bought credits of the type is in dispute: nobody charges the card again without its owner. */
export function isDisputed({ grants }: Account, creditType: number): boolean {
  return grants.some((grant) => grant.creditType === creditType && grant.frozen !== null)
}

/** What a top-up looks at: credits that can be spent, less what the customer owes. May be negative. */
export function topUpValue(account: Account, creditType: number): Credits {
  return subtract(availableOf(account, creditType), debtOf(account, creditType))
}

/** How many bundles lift the value above the threshold. A gap that divides exactly takes one more: at the threshold is not above. */
export function bundlesToLift(
  { threshold, credits }: Pick<TopUpTerms, 'threshold' | 'credits'>,
  value: Credits,
): number {
  if (value > threshold) return 0
  const needed = (threshold - value) / credits + 1n
  return needed > MOST_BUNDLES ? MOST_BUNDLES : Number(needed)
}

/**
 * What is to be done about a balance now.
 *
 * @param costOf what so many bundles cost with tax, in minor units; never less for more of them.
 */
export function decideTopUp(
  terms: TopUpTerms,
  situation: TopUpSituation,
  costOf: (quantity: number) => bigint,
): TopUpDecision {
  const { enabled, now, value, card } = situation
  if (!enabled) return { kind: 'NOTHING' }
  if (card === null) return { kind: 'NEEDS_CUSTOMER', why: 'no_card' }
  const declines = situation.declines?.card === card ? situation.declines : null
  if (declines && declines.count >= DECLINES_A_DAY && now < declines.firstAt + DAY_MS)
    return { kind: 'NEEDS_CUSTOMER', why: 'declined' }
  if (value > terms.threshold) return { kind: 'READY' }
  if (situation.disputed) return { kind: 'NEEDS_CUSTOMER', why: 'disputed' }
  if (declines && now < declines.lastAt + HOUR_MS) return { kind: 'WAIT', until: declines.lastAt + HOUR_MS }
  const quantity = affordable(terms, situation, bundlesToLift(terms, value), costOf)
  return quantity > 0 ? { kind: 'BUY', quantity } : { kind: 'LIMIT_REACHED', until: situation.month.end }
}

/** As many of the wanted bundles as fit into what the month's limits leave. */
function affordable(
  { maxPerMonth, maxSpendPerMonth }: TopUpTerms,
  { month, mostAtOnce }: TopUpSituation,
  wanted: number,
  costOf: (quantity: number) => bigint,
): number {
  if (maxPerMonth !== null && month.charges >= maxPerMonth) return 0
  const left = maxSpendPerMonth === null ? mostAtOnce : maxSpendPerMonth - month.spent
  const budget = left < mostAtOnce ? left : mostAtOnce
  let [fits, tooMany] = [0, wanted + 1]
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (costOf(middle) <= budget) fits = middle
    else tooMany = middle
  }
  return fits
}

/** What follows a charge that failed. */
export interface AfterDecline {
  readonly declines: Declines
  /** When the card is tried again; null: not before the customer has done something about it. */
  readonly retryAt: number | null
}

/**
 * Counts a failed charge. The day begins with its first decline; another card begins anew. A bank that wants the customer is
 * asked no second time without them.
 */
export function afterDecline(
  known: Declines | null,
  failed: { readonly card: string; readonly at: number; readonly needsCustomer: boolean },
): AfterDecline {
  const { card, at, needsCustomer } = failed
  const running = known?.card === card && at < known.firstAt + DAY_MS ? known : null
  const count = needsCustomer ? DECLINES_A_DAY : (running?.count ?? 0) + 1
  const firstAt = needsCustomer ? at : (running?.firstAt ?? at)
  const retryAt = count >= DECLINES_A_DAY ? null : at + HOUR_MS
  return { declines: { card, count, firstAt, lastAt: at }, retryAt }
}

/** The local month that holds an instant: limits begin anew with it. */
export function localMonth(instant: number, timeZone: string): Span {
  return bucketsBetween(instant, instant + 1, 'MONTH', timeZone)[0] as Span
}

/** So many top-ups within so long are told as a runaway: something spends faster than anybody meant. */
const RUNAWAY = { charges: 3, withinMs: 600_000 } as const

/** From when on top-ups count towards a runaway at an instant. */
export function runawaySince(at: number): number {
  return at - RUNAWAY.withinMs
}

/**
 * Whether a top-up makes a runaway, which is told once for each burst: one that goes on is the same.
 *
 * @param recent top-ups since `runawaySince`, this one included.
 * @param until how long the burst that was told last goes on; null: none was.
 * @returns how long the burst goes on from now, or null if there is none.
 */
export function planRunaway(recent: number, until: number | null, at: number): { tell: boolean; until: number | null } {
  if (recent < RUNAWAY.charges) return { tell: false, until }
  return { tell: until === null || until <= at, until: at + RUNAWAY.withinMs }
}
