/** What becomes of credits that come back to the grant that they were drawn from or held of. */
import {
  type Account,
  type Cause,
  type Change,
  closedIfEmpty,
  closedIfSettled,
  type LedgerEntryKind,
  replaceGrant,
  withGrant,
} from './account.ts'
import { add, type Credits, negate, smaller, subtract } from './decimal.ts'
import type { Grant } from './drawdown.ts'

/** What comes back to a grant: how it came, and when. */
export interface Returned {
  readonly amount: Credits
  /** RELEASE: a hold let go of it. REVERSE: usage was undone. */
  readonly kind: 'RELEASE' | 'REVERSE'
  readonly at: number
  readonly cause: Cause
}

/**
 * Gives back to a grant what was drawn from it or held, and opens it again if that had closed it. Where its money went
 * back, what comes back settles that debt first. The rest of what comes back is frozen with a grant in dispute, and
 * leaves one that has ended the way its other credits left. Like a draw, this does not change the version.
 *
 * @param stored the grant as it was closed, where the account has it no more.
 * @throws if the amount is not positive.
 */
export function returnCredits(account: Account, stored: Grant, { amount, kind, at, cause }: Returned): Change {
  if (amount <= 0n) throw new Error('what comes back to a grant is a positive amount')
  const isHere = account.grants.some(({ id }) => id === stored.id)
  const whole = isHere ? account : withGrant(account, stored)
  const index = whole.grants.findIndex(({ id }) => id === stored.id)
  const before = whole.grants[index] as Grant
  const held = kind === 'RELEASE' ? subtract(before.held, amount) : before.held
  const filled = { ...before, held, remaining: add(before.remaining, amount), closed: false }
  const given = replaceGrant(whole, index, filled, kind, amount, at, cause)
  return movesAfterReturn(filled, amount, at).reduce<Change>((change, { grant, kind, amount }) => {
    const moved = replaceGrant(change.account, index, grant, kind, negate(amount), at, cause)
    return { account: moved.account, entries: [...change.entries, ...moved.entries] }
  }, given)
}

/** Credits that leave a grant, and the grant without them. */
export interface Move {
  readonly grant: Grant
  readonly kind: LedgerEntryKind
  readonly amount: Credits
}

/** Where credits that have just come back to a grant, and are in it, have to go at once, if anywhere. */
export function movesAfterReturn(filled: Grant, amount: Credits, at: number): Move[] {
  const settled = smaller(filled.owed, amount)
  const remaining = subtract(filled.remaining, settled)
  const grant = closedIfEmpty({ ...filled, remaining, owed: subtract(filled.owed, settled) })
  const moves: Move[] = settled > 0n ? [{ grant, kind: 'DRAW', amount: settled }] : []
  const rest = subtract(amount, settled)
  const end = grant.expiresAt !== null && grant.expiresAt <= at ? 'EXPIRE' : grant.ended
  if (rest === 0n) return moves
  const without = { ...grant, remaining: subtract(remaining, rest) }
  if (grant.frozen !== null) {
    moves.push({ grant: { ...without, frozen: add(grant.frozen, rest) }, kind: 'HOLD', amount: rest })
  } else if (end !== null) {
    moves.push({ grant: closedIfSettled(without), kind: end, amount: rest })
  }
  return moves
}
