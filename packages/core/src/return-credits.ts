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
  return moveOn(given, index, amount, at, cause)
}

/** Credits that leave a grant, and the grant without them. */
interface Move {
  readonly grant: Grant
  readonly kind: LedgerEntryKind
  readonly amount: Credits
  /** Whether they pay what the grant owes. */
  readonly settles: boolean
}

/** Lets credits that have just come back to a grant, and are in it, go where they have to go at once, if anywhere. */
export function moveOn(given: Change, index: number, amount: Credits, at: number, cause: Cause): Change {
  const filled = given.account.grants[index] as Grant
  return movesAfterReturn(filled, amount, at).reduce<Change>((change, move) => {
    const { grant, kind, amount } = move
    const moved = replaceGrant(change.account, index, grant, kind, negate(amount), at, causeOfMove(move, cause))
    return { account: moved.account, entries: [...change.entries, ...moved.entries] }
  }, given)
}

/** An entry that settles a debt says so: what it takes went back with the money, and was not taken for another reason. */
function causeOfMove({ settles }: Move, cause: Cause): Cause {
  return settles ? { ...cause, detail: { ...cause.detail, settles: 'debt' } } : cause
}

/** Where credits that have just come back to a grant, and are in it, have to go at once, if anywhere. */
function movesAfterReturn(filled: Grant, amount: Credits, at: number): Move[] {
  const settled = smaller(filled.owed, amount)
  const remaining = subtract(filled.remaining, settled)
  // Its money has gone back, so the grant is that much smaller, as if it had been unspent at the time.
  const grant = closedIfEmpty({
    ...filled,
    amount: subtract(filled.amount, settled),
    remaining,
    owed: subtract(filled.owed, settled),
  })
  const moves: Move[] = settled > 0n ? [{ grant, kind: 'VOID', amount: settled, settles: true }] : []
  const rest = subtract(amount, settled)
  const end = grant.expiresAt !== null && grant.expiresAt <= at ? 'EXPIRE' : grant.ended
  if (rest === 0n) return moves
  const without = { ...grant, remaining: subtract(remaining, rest) }
  if (grant.frozen !== null) {
    const frozen = { ...without, frozen: add(grant.frozen, rest), closed: false }
    moves.push({ grant: frozen, kind: 'HOLD', amount: rest, settles: false })
  } else if (end !== null) {
    moves.push({ grant: closedIfSettled(without), kind: end, amount: rest, settles: false })
  }
  return moves
}
