/** A grant as it was at a moment of the past, from what it is now and what the ledger has written since. */
import { add, type Credits, subtract, ZERO } from './decimal.ts'
import { compareGrants, type Grant } from './drawdown.ts'

/** What the entries after a moment did to one grant, summed. */
export interface Later {
  /** To what remains of it. */
  readonly remaining: Credits
  /** To what it brought: grown by an upgrade, made smaller by what takes back. */
  readonly amount: Credits
  /** By HOLD and RELEASE alone: what left it for a hold or a dispute is negative. */
  readonly kept: Credits
}

/**
 * Takes back what happened to the grant later. What holds reserved and what disputes froze is one figure, `held`: entries
 * don't tell them apart. What was owed is not in the ledger, and stays as it is.
 */
export function rewind(grant: Grant, later: Later): Grant {
  const amount = subtract(grant.amount, later.amount)
  const remaining = subtract(grant.remaining, later.remaining)
  const held = add(add(grant.held, grant.frozen ?? (ZERO as Credits)), later.kept)
  const finished = remaining === 0n && held === 0n
  return { ...grant, amount, remaining, held, frozen: null, entered: grant.entered && amount > 0n, closed: finished }
}

/** Why a grant stands where it does among others that are in drawdown order, as a sentence. */
export function explainPlace(grants: readonly Grant[], index: number): string {
  const grant = grants[index]
  if (!grant) throw new Error(`there is no grant in place ${index}`)
  const next = grants[index + 1]
  if (next) return `${index === 0 ? 'First' : 'Before the next'}, because ${whySooner(grant, next)}`
  const before = grants[index - 1]
  return before ? `Last, because ${whyLater(grant, before)}` : 'The only one'
}

function whySooner(grant: Grant, next: Grant): string {
  if (compareGrants(grant, next) > 0) throw new Error('the grants are not in drawdown order')
  switch (decidingBetween(grant, next)) {
    case 'wallet':
      return `its wallet has priority ${grant.walletPriority}, and that of the next ${next.walletPriority}`
    case 'priority':
      return `it has priority ${grant.priority}, and the next ${next.priority}`
    case 'expiry':
      return next.expiresAt === null ? 'it expires, and the next never does' : 'it expires earlier'
    case 'effectiveAt':
      return 'it took effect earlier'
    case 'id':
      return 'it was made earlier'
  }
}

function whyLater(grant: Grant, before: Grant): string {
  switch (decidingBetween(before, grant)) {
    case 'wallet':
      return `its wallet has priority ${grant.walletPriority}, and that of the one before ${before.walletPriority}`
    case 'priority':
      return `it has priority ${grant.priority}, and the one before ${before.priority}`
    case 'expiry':
      return grant.expiresAt === null ? 'it never expires' : 'it expires later'
    case 'effectiveAt':
      return 'it took effect later'
    case 'id':
      return 'it was made later'
  }
}

/** The first rule of the drawdown order that tells two grants apart. */
function decidingBetween(a: Grant, b: Grant): 'wallet' | 'priority' | 'expiry' | 'effectiveAt' | 'id' {
  if (a.walletPriority !== b.walletPriority) return 'wallet'
  if (a.priority !== b.priority) return 'priority'
  if (a.expiresAt !== b.expiresAt) return 'expiry'
  return a.effectiveAt === b.effectiveAt ? 'id' : 'effectiveAt'
}
