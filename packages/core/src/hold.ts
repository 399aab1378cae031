/**
 * Credits that are reserved for usage that is going on: out of `available` at once, and back, or drawn, when it is over.
 * Source: product.md, "Usage".
 */
import {
  type Account,
  type Cause,
  type Change,
  closedIfEmpty,
  type Demand,
  draw,
  type Part,
  replaceGrant,
  type Taken,
} from './account.ts'
import { add, type Credits, negate, type Quantity, smaller, subtract, sum } from './decimal.ts'
import { compareGrants, type Grant } from './drawdown.ts'
import { moveOn, returnCredits } from './return-credits.ts'

export type HoldStatus = 'OPEN' | 'CAPTURED' | 'RELEASED' | 'EXPIRED'

/** Instants are epoch milliseconds; `meter` and `creditType` are internal keys. */
export interface Hold {
  readonly id: string
  readonly meter: number
  readonly creditType: number
  readonly status: HoldStatus
  /** Reserved in all, in units of the meter. */
  readonly quantity: Quantity
  /** What the grants gave, and which. */
  readonly credits: Credits
  readonly parts: readonly Part[]
  /** Beyond the grants, where the card allows it: to be invoiced if it is captured. */
  readonly overage: Credits
  /** Open in [created, expiresAt). */
  readonly expiresAt: number
  readonly ttlMs: number
}

/** Whether the hold can still be extended, captured and released at the instant, whether or not a sweeper has run. */
export function isOpen({ status, expiresAt }: Hold, at: number): boolean {
  return status === 'OPEN' && at < expiresAt
}

/** The same hold with more in it. Its time begins anew. */
export function extended(hold: Hold, quantity: Quantity, taken: Taken, overage: Credits, at: number): Hold {
  return {
    ...hold,
    quantity: add(hold.quantity, quantity),
    credits: add(hold.credits, sum(taken.parts.map(({ amount }) => amount))),
    parts: joined(hold.parts, taken.parts),
    overage: add(hold.overage, overage),
    expiresAt: at + hold.ttlMs,
  }
}

/** One part a grant, in the order in which they were first taken. */
function joined(parts: readonly Part[], more: readonly Part[]): Part[] {
  const byGrant = new Map(parts.map(({ grantId, amount }) => [grantId, amount]))
  for (const { grantId, amount } of more) byGrant.set(grantId, add(byGrant.get(grantId) ?? (0n as Credits), amount))
  return [...byGrant].map(([grantId, amount]) => ({ grantId, amount }))
}

/** Gives all that is held back to the grants that it came from. Does not change the version. */
export function releaseParts(account: Account, parts: readonly Part[], at: number, cause: Cause): Change {
  return parts.reduce<Change>(
    (before, { grantId, amount }) => {
      const { grant } = grantOf(before.account, grantId)
      const after = returnCredits(before.account, grant, { amount, kind: 'RELEASE', at, cause })
      return { account: after.account, entries: [...before.entries, ...after.entries] }
    },
    { account, entries: [] },
  )
}

/**
 * Pays for usage out of what is held, in drawdown order, also of grants that have ended since; what is left goes back to
 * its grants. What the hold has too little of is drawn like any usage. Does not change the version.
 */
export function captureParts(account: Account, parts: readonly Part[], demand: Demand, release: Cause): Taken {
  const ordered = [...parts].sort((a, b) =>
    compareGrants(grantOf(account, a.grantId).grant, grantOf(account, b.grantId).grant),
  )
  let left = demand.amount
  let now: Change = { account, entries: [] }
  const used: Part[] = []
  for (const part of ordered) {
    const amount = smaller(part.amount, left)
    left = subtract(left, amount)
    if (amount > 0n) used.push({ grantId: part.grantId, amount })
    const after =
      amount === 0n
        ? releaseParts(now.account, [part], demand.at, release)
        : capture(now.account, part, amount, demand, release)
    now = { account: after.account, entries: [...now.entries, ...after.entries] }
  }
  const more = draw(now.account, { ...demand, amount: left })
  return { ...more, entries: [...now.entries, ...more.entries], parts: joined(used, more.parts) }
}

/** What was held leaves its hold, and what of it was used leaves its grant in the same moment. */
function capture(account: Account, part: Part, used: Credits, { at, cause }: Demand, release: Cause): Change {
  const { index, grant } = grantOf(account, part.grantId)
  const freed = { ...grant, held: subtract(grant.held, part.amount), remaining: add(grant.remaining, part.amount) }
  const drawn = closedIfEmpty({ ...freed, remaining: subtract(freed.remaining, used) })
  const released = replaceGrant(account, index, freed, 'RELEASE', part.amount, at, release)
  const paid = replaceGrant(released.account, index, drawn, 'DRAW', negate(used), at, cause)
  const entries = [...released.entries, ...paid.entries]
  return moveOn({ account: paid.account, entries }, index, subtract(part.amount, used), at, release)
}

function grantOf(account: Account, grantId: string): { index: number; grant: Grant } {
  const index = account.grants.findIndex(({ id }) => id === grantId)
  const grant = account.grants[index]
  if (!grant) throw new Error(`grant ${grantId} holds credits and is not in its account`)
  return { index, grant }
}
