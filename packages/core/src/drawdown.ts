/**
 * Which grant pays first, and what they pay together. One total order for every reader and writer.
 * Source: product.md, "The model in five sentences", 3.
 */
import { type Credits, smaller, subtract, ZERO } from './decimal.ts'

export type GrantKind = 'ALLOWANCE' | 'ROLLOVER' | 'PROMOTIONAL' | 'PREPAID' | 'COMMITTED'

/** A grant as the ledger knows it. Instants are epoch milliseconds; `creditType` and `meters` are internal keys. */
export interface Grant {
  readonly id: string
  readonly creditType: number
  readonly kind: GrantKind
  readonly walletPriority: number
  readonly priority: number
  /** Spendable in [effectiveAt, expiresAt). */
  readonly effectiveAt: number
  readonly expiresAt: number | null
  readonly amount: Credits
  readonly remaining: Credits
  /** Reserved by open holds. */
  readonly held: Credits
  /** What a dispute keeps back until it is decided; null: nobody disputes what the grant was bought with. */
  readonly frozen: Credits | null
  /** Spent credits whose money has gone back: a debt, which the next credits that are paid for settle. */
  readonly owed: Credits
  /** Meters that may draw on it; empty: all. */
  readonly appliesTo: readonly number[]
  /** Whether the ledger has its GRANT entry: a grant of the future enters when it takes effect. */
  readonly entered: boolean
  /** How it came to an end before its credits were spent; what comes back to it then leaves the same way. */
  readonly ended: 'EXPIRE' | 'VOID' | null
  /** Nothing can be drawn from it ever again, and nothing is held, frozen or owed. */
  readonly closed: boolean
}

/** The drawdown order: wallet priority, grant priority, earliest expiry (none last), earliest effective time, id. */
export function compareGrants(a: Grant, b: Grant): number {
  return (
    a.walletPriority - b.walletPriority ||
    a.priority - b.priority ||
    compareExpiry(a.expiresAt, b.expiresAt) ||
    a.effectiveAt - b.effectiveAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}

function compareExpiry(a: number | null, b: number | null): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a - b
}

/** Whether the grant can be spent at the instant: spans are half-open, whether or not a sweeper has run. */
export function isLive(grant: Grant, at: number): boolean {
  return !grant.closed && grant.effectiveAt <= at && (grant.expiresAt === null || at < grant.expiresAt)
}

/** Whether the grant may pay for usage of the meter. */
export function serves(grant: Grant, creditType: number, meter: number): boolean {
  return grant.creditType === creditType && (grant.appliesTo.length === 0 || grant.appliesTo.includes(meter))
}

/** What one grant pays of a draw. */
export interface Draw {
  readonly index: number
  readonly amount: Credits
}

export interface Drawdown {
  readonly draws: readonly Draw[]
  /** What the grants could not pay. */
  readonly shortfall: Credits
}

/** Spreads an amount over grants that stand in drawdown order. `index` is the grant's place in the list given. */
export function drawDown(
  grants: readonly Grant[],
  usage: { creditType: number; meter: number; amount: Credits; at: number },
): Drawdown {
  const draws: Draw[] = []
  let left = usage.amount
  for (let index = 0; index < grants.length && left > 0n; index++) {
    const grant = grants[index] as Grant
    if (grant.remaining <= 0n || !serves(grant, usage.creditType, usage.meter) || !isLive(grant, usage.at)) continue
    const amount = smaller(grant.remaining, left)
    draws.push({ index, amount })
    left = subtract(left, amount)
  }
  return { draws, shortfall: left }
}

/** What can be spent on the meter at the instant. */
export function spendableOn(grants: readonly Grant[], creditType: number, meter: number, at: number): Credits {
  let total = ZERO as Credits as bigint
  for (const grant of grants) if (serves(grant, creditType, meter) && isLive(grant, at)) total += grant.remaining
  return total as Credits
}
