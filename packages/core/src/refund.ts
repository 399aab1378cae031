/**
 * What refunds and disputes do to credits that were bought: what is unspent is taken back, what is spent becomes a debt,
 * and while nobody knows, the rest is frozen. Like a draw, none of this changes the version.
 * Source: product.md, "Credits beyond the plan".
 */
import { type Account, type Cause, type Change, closedIfEmpty, replaceGrant, withGrant } from './account.ts'
import { add, type Credits, larger, negate, ONE, smaller, subtract, ZERO } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import type { Money } from './money.ts'
import { moveOn } from './return-credits.ts'

/** Credits have at most nine decimals, also where a share of them has more. */
const SMALLEST = (ONE as bigint) / 10n ** 9n

/**
 * The credits that all refunds of a payment claim together: the same share as of the money, cut to 9 decimals; all when all
 * the money went back. So parts that come to the whole claim the whole, and no part is rounded twice.
 *
 * @param worth what the credits came to: what was paid, and account credit that was used. That is not refunded, so the
 *   credits it bought stay.
 * @throws if they were worth nothing, or what was refunded is negative or more than that.
 */
export function claimOf(bought: Credits, refunded: Money, worth: Money): Credits {
  if (worth.minor <= 0n || refunded.minor < 0n || refunded.minor > worth.minor) {
    throw new Error(`${refunded.minor} of ${worth.minor} is no part of a payment`)
  }
  const share = (bought * refunded.minor) / worth.minor
  return (refunded.minor === worth.minor ? bought : share - (share % SMALLEST)) as Credits
}

/** What is known of a payment's credits when its refunds change. */
export interface Reversal {
  /** What the payment brought, before any refund. */
  readonly bought: Credits
  readonly worth: Money
  readonly refundedBefore: Money
  readonly refunded: Money
  /** Taken back or owed by the refunds before. */
  readonly reversed: Credits
  /** What left unspent for other reasons: it expired, or an operator took it back. A claim is on these credits first. */
  readonly gone: Credits
}

/** What is still to be revoked now, or, negative, to be reinstated: a refund that had succeeded may fail after all. */
export function creditsToReverse({ bought, worth, refundedBefore, refunded, reversed, gone }: Reversal): Credits {
  const claimed = larger(subtract(claimOf(bought, refunded, worth), gone), ZERO as Credits)
  const due = subtract(claimed, reversed)
  if (refunded.minor > refundedBefore.minor) return larger(due, ZERO as Credits)
  return refunded.minor < refundedBefore.minor ? smaller(due, ZERO as Credits) : ZERO
}

export interface Revoked extends Change {
  /** Unspent, and taken back. */
  readonly revoked: Credits
  /** Spent, or held by usage that is going on: owed from now on. What comes back of it later settles that. */
  readonly owed: Credits
}

/**
 * Takes back what is left of a grant, frozen or not, up to an amount, and makes the grant smaller by it. The rest of the
 * amount is owed.
 *
 * @param stored the grant as it was closed, where the account has it no more.
 * @throws if the amount is not positive, or more than the grant can owe.
 */
export function revoke(account: Account, stored: Grant, amount: Credits, now: number, cause: Cause): Revoked {
  if (amount <= 0n) throw new Error('what is revoked is a positive amount')
  const { opened, index, grant } = openedAgain(account, stored)
  const thawed = smaller(grant.frozen ?? (ZERO as Credits), amount)
  const revoked = add(thawed, smaller(grant.remaining, subtract(amount, thawed)))
  const owed = subtract(amount, revoked)
  const thawing: Grant = {
    ...grant,
    remaining: add(grant.remaining, thawed),
    frozen: grant.frozen === null ? null : subtract(grant.frozen, thawed),
  }
  const rest = closedIfEmpty({
    ...thawing,
    amount: subtract(grant.amount, revoked),
    remaining: subtract(thawing.remaining, revoked),
    owed: add(grant.owed, owed),
  })
  if (rest.owed > rest.amount) throw new Error(`grant ${grant.id} can't owe more than was spent of it`)
  const released = replaceGrant(opened, index, thawing, 'RELEASE', thawed, now, cause)
  const taken = replaceGrant(released.account, index, rest, 'VOID', negate(revoked), now, cause)
  return { account: taken.account, entries: [...released.entries, ...taken.entries], revoked, owed }
}

export interface Reinstated extends Change {
  /** What is owed no longer, and what came back. */
  readonly forgiven: Credits
  readonly returned: Credits
}

/**
 * Undoes a part of what `revoke` did, because the money did not go back: what is owed for it is forgiven first, the rest
 * comes back to the grant, unless that has ended meanwhile.
 *
 * @throws if the amount is not positive.
 */
export function reinstate(account: Account, stored: Grant, amount: Credits, now: number, cause: Cause): Reinstated {
  if (amount <= 0n) throw new Error('what is reinstated is a positive amount')
  const { opened, index, grant } = openedAgain(account, stored)
  const forgiven = smaller(grant.owed, amount)
  const isOver = grant.ended !== null || (grant.expiresAt !== null && grant.expiresAt <= now)
  const returned = isOver ? (ZERO as Credits) : subtract(amount, forgiven)
  const whole = closedIfEmpty({
    ...grant,
    amount: add(grant.amount, returned),
    remaining: add(grant.remaining, returned),
    owed: subtract(grant.owed, forgiven),
  })
  const filled = replaceGrant(opened, index, whole, 'REVERSE', returned, now, cause)
  return { ...moveOn(filled, index, returned, now, cause), forgiven, returned }
}

/**
 * Keeps back what is left of a grant while somebody disputes what it was bought with.
 *
 * @throws if it is frozen already.
 */
export function freeze(account: Account, stored: Grant, now: number, cause: Cause): Change {
  const { opened, index, grant } = openedAgain(account, stored)
  if (grant.frozen !== null) throw new Error(`grant ${grant.id} is frozen already`)
  const frozen: Grant = { ...grant, remaining: ZERO, frozen: grant.remaining, closed: false }
  return replaceGrant(opened, index, frozen, 'HOLD', negate(grant.remaining), now, cause)
}

/**
 * Ends the dispute for the grant: what is still frozen can be spent again, or leaves at once if the grant has ended meanwhile.
 *
 * @throws if it is not frozen.
 */
export function unfreeze(account: Account, stored: Grant, now: number, cause: Cause): Change {
  const { opened, index, grant } = openedAgain(account, stored)
  const { frozen } = grant
  if (frozen === null) throw new Error(`grant ${grant.id} is not frozen`)
  const thawed = closedIfEmpty({ ...grant, remaining: add(grant.remaining, frozen), frozen: null })
  return moveOn(replaceGrant(opened, index, thawed, 'RELEASE', frozen, now, cause), index, frozen, now, cause)
}

/** What one grant owed and another one paid. */
export interface SettledDebt {
  readonly grantId: string
  readonly amount: Credits
}

/**
 * Pays the debts of its credit type out of a grant that was paid for, the oldest first, as far as it goes.
 *
 * @param causeOf says what was refunded of the grant that owes.
 * @throws if the account has no such open grant.
 */
export function settleDebts(
  account: Account,
  grantId: string,
  now: number,
  causeOf: (owing: Grant) => Cause,
): Change & { readonly settled: readonly SettledDebt[] } {
  const payer = account.grants.findIndex(({ id, closed }) => id === grantId && !closed)
  const { creditType } = account.grants[payer] ?? noGrant(grantId)
  const owing = account.grants
    .filter((grant) => grant.owed > 0n && grant.creditType === creditType && grant.id !== grantId)
    .sort((a, b) => a.effectiveAt - b.effectiveAt || (a.id < b.id ? -1 : 1))
  const settled: SettledDebt[] = []
  const change = owing.reduce<Change>(
    (before, debtor) => {
      const grant = before.account.grants[payer] as Grant
      const amount = smaller(debtor.owed, grant.remaining)
      if (amount === 0n) return before
      settled.push({ grantId: debtor.id, amount })
      const poorer = closedIfEmpty({ ...grant, remaining: subtract(grant.remaining, amount) })
      const paid = replaceGrant(before.account, payer, poorer, 'DRAW', negate(amount), now, causeOf(debtor))
      const index = paid.account.grants.findIndex(({ id }) => id === debtor.id)
      const freed = closedIfEmpty({ ...debtor, owed: subtract(debtor.owed, amount) })
      const { account } = replaceGrant(paid.account, index, freed, 'DRAW', ZERO, now, causeOf(debtor))
      return { account, entries: [...before.entries, ...paid.entries] }
    },
    { account, entries: [] },
  )
  return { ...change, settled }
}

function openedAgain(account: Account, stored: Grant): { opened: Account; index: number; grant: Grant } {
  const opened = account.grants.some(({ id }) => id === stored.id) ? account : withGrant(account, stored)
  const index = opened.grants.findIndex(({ id }) => id === stored.id)
  return { opened, index, grant: opened.grants[index] as Grant }
}

function noGrant(grantId: string): never {
  throw new Error(`grant ${grantId} is not open in this account`)
}
