/**
 * The decision about usage: what it costs, who pays, and what the grants cannot pay. `consume`, `recordUsage` and `check`
 * ask the same function. Source: product.md, "The model in five sentences", 3–5, and "Usage".
 */
import {
  type Account,
  availableOf,
  type Cause,
  type Change,
  type Demand,
  draw,
  type LedgerEntry,
  nextVersion,
  spendable,
  type Taken,
} from './account.ts'
import { add, type Credits, formatAmount, negate, type Quantity, subtract, ZERO } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { costOfEvent, dearestCost, isPerEvent, type Price, type Properties } from './price.ts'
import { returnCredits } from './return-credits.ts'

export type OverageMode = 'BLOCK' | 'CHARGE'

/** How a card turns a meter's quantity into credits. `meter` and `creditType` are internal keys. */
export interface UsageRate {
  readonly code: string
  readonly meter: number
  readonly creditType: number
  /** Null: one credit a unit. */
  readonly creditCost: Price | null
  readonly overage: OverageMode
}

/** What a meter counted in a period, and how it was paid for, in credits. */
export interface MeterUsage {
  readonly quantity: Quantity
  readonly credits: Credits
  readonly overage: Credits
  readonly uncovered: Credits
}

export const NO_USAGE: MeterUsage = { quantity: ZERO, credits: ZERO, overage: ZERO, uncovered: ZERO }

export type AccessReason =
  | 'COVERED'
  | 'OVERAGE'
  | 'NO_SUBSCRIPTION'
  | 'INSUFFICIENT_CREDITS'
  | 'SPEND_LIMIT_REACHED'
  | 'BUDGET_REACHED'
  | 'PAYMENT_PAST_DUE'
  | 'FEATURE_NOT_INCLUDED'

/** Would it be allowed, and what would it cost: the answer of `check`, and of `consume` beside what it did. */
export interface AccessDecision {
  readonly allowed: boolean
  readonly reason: AccessReason
  readonly cost: Credits
  /** What can be spent on this meter, before the usage. */
  readonly available: Credits
}

export interface UsageRequest {
  readonly rate: UsageRate
  readonly usage: MeterUsage
  readonly quantity: Quantity
  readonly properties: Properties
  readonly at: number
}

/** The event carries nothing that the price can use. */
export interface Unpriced {
  readonly ok: false
  readonly reason: 'NO_MATCH' | 'PROPERTY_MISSING'
  readonly property?: string
}

export type Access = { readonly ok: true; readonly decision: AccessDecision } | Unpriced

/** Whether the usage would be allowed at the instant. `dearest` answers for unknown properties with the dearest price. */
export function decideAccess(account: Account, request: UsageRequest, dearest = false): Access {
  const priced = dearest ? dearestOf(request) : costOf(request)
  if (!priced.ok) return priced
  const { rate, at } = request
  const available = spendable(account, rate.creditType, rate.meter, at)
  const covered = priced.cost <= available
  const allowed = covered || rate.overage === 'CHARGE'
  const reason = covered ? 'COVERED' : allowed ? 'OVERAGE' : 'INSUFFICIENT_CREDITS'
  return { ok: true, decision: { allowed, reason, cost: priced.cost, available } }
}

/** What usage did: the account and meter after it, and the entries that say so. */
export interface Spent {
  readonly account: Account
  readonly usage: MeterUsage
  readonly entries: readonly LedgerEntry[]
  readonly cost: Credits
  /** Paid by grants; the rest of the cost is overage or uncovered. */
  readonly drawn: Credits
  readonly overage: Credits
  readonly uncovered: Credits
}

/**
 * Spends what the usage costs: grants first, then overage if the rate says CHARGE, else uncovered. Never refuses: ask
 * `decideAccess` first where usage can still be refused. Open the version that the entries carry with `nextVersion`.
 *
 * @param pay how the grants pay: by a draw, or out of what a hold has reserved.
 */
export function spend(
  account: Account,
  request: UsageRequest,
  cause: Cause,
  pay: (account: Account, demand: Demand) => Taken = draw,
): ({ readonly ok: true } & Spent) | Unpriced {
  const priced = costOf(request)
  if (!priced.ok) return priced
  const { rate, usage, at } = request
  const { creditType, meter } = rate
  const paid = pay(account, { creditType, meter, amount: priced.cost, at, cause })
  const overage = rate.overage === 'CHARGE' ? paid.shortfall : (ZERO as Credits)
  const uncovered = subtract(paid.shortfall, overage)
  const drawn = subtract(priced.cost, paid.shortfall)
  return {
    ok: true,
    account: paid.account,
    usage: {
      quantity: add(usage.quantity, request.quantity),
      credits: add(usage.credits, drawn),
      overage: add(usage.overage, overage),
      uncovered: add(usage.uncovered, uncovered),
    },
    entries:
      paid.shortfall > 0n
        ? [...paid.entries, shortfallEntry(paid.account, request, paid.shortfall, cause)]
        : paid.entries,
    cost: priced.cost,
    drawn,
    overage,
    uncovered,
  }
}

/** What an entry says that usage did: a draw, or credits that no grant paid. */
export type UsageEntry = Pick<LedgerEntry, 'creditType' | 'grantId' | 'kind' | 'amount' | 'cause'>

/**
 * Undoes what the entries of one usage say, in a version of its own. Each entry is answered by one that names it.
 *
 * @param grants those that were drawn from, closed ones too.
 */
export function reverseUsage(
  account: Account,
  entries: readonly UsageEntry[],
  grants: ReadonlyMap<string, Grant>,
  at: number,
): Change {
  const opened: Change = { account: nextVersion(account), entries: [] }
  return entries.reduce((before, entry) => {
    const cause = { ...entry.cause, detail: { ...entry.cause.detail, reverses: entry.kind } }
    const after = reverseEntry(before.account, { ...entry, cause }, grants, at)
    return { account: after.account, entries: [...before.entries, ...after.entries] }
  }, opened)
}

type Cost = { readonly ok: true; readonly cost: Credits } | Unpriced

function costOf({ rate, usage, quantity, properties }: UsageRequest): Cost {
  if (rate.creditCost === null) return { ok: true, cost: quantity as bigint as Credits }
  return costOfEvent<'credits'>(rate.creditCost, { before: usage.quantity, quantity, properties })
}

function dearestOf(request: UsageRequest): Cost {
  const price = request.rate.creditCost
  if (price === null || !isPerEvent(price)) return costOf(request)
  return { ok: true, cost: dearestCost(price, request.quantity) }
}

function shortfallEntry(account: Account, { rate, at }: UsageRequest, shortfall: Credits, cause: Cause): LedgerEntry {
  const detail = { ...cause.detail, credits: formatAmount(shortfall) }
  const kind = rate.overage === 'CHARGE' ? 'OVERAGE' : 'UNCOVERED'
  return bareEntry(account, rate.creditType, kind, at, { ...cause, detail })
}

function reverseEntry(
  account: Account,
  { creditType, grantId, amount, cause }: UsageEntry,
  grants: ReadonlyMap<string, Grant>,
  at: number,
): Change {
  if (grantId === null) return { account, entries: [bareEntry(account, creditType, 'REVERSE', at, cause)] }
  const drawn = grants.get(grantId)
  if (!drawn) throw new Error(`grant ${grantId} was drawn from and is not there`)
  return returnCredits(account, drawn, { amount: negate(amount), kind: 'REVERSE', at, cause })
}

// Amount 0: overage and uncovered usage leave the balance as it is; the credits stand in the cause.
function bareEntry(
  account: Account,
  creditType: number,
  kind: LedgerEntry['kind'],
  effectiveAt: number,
  cause: Cause,
): LedgerEntry {
  const { version } = account
  const availableAfter = availableOf(account, creditType)
  return { creditType, grantId: null, kind, amount: ZERO, availableAfter, version, effectiveAt, cause }
}
