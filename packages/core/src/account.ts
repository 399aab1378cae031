/**
 * A customer's credits as one value: grants in drawdown order, what is available of each credit type, and the version.
 * Every change returns the next account together with the ledger entries that explain it; nothing is edited in place.
 */
import { add, type Credits, negate, subtract, ZERO } from './decimal.ts'
import { compareGrants, drawDown, type Grant, isLive, serves, spendableOn } from './drawdown.ts'

export type LedgerEntryKind =
  | 'GRANT'
  | 'DRAW'
  | 'HOLD'
  | 'RELEASE'
  | 'EXPIRE'
  | 'VOID'
  | 'ROLLOVER'
  | 'REVERSE'
  | 'OVERAGE'
  | 'UNCOVERED'

/** What made an entry: the kind of thing, its id, and what helps a person to read it. */
export interface Cause {
  readonly type: 'usage_event' | 'grant' | 'subscription' | 'payment' | 'hold' | 'dispute' | 'commitment' | 'time'
  readonly id: string
  readonly detail?: Readonly<Record<string, string | number | null>>
}

export interface LedgerEntry {
  readonly creditType: number
  readonly grantId: string | null
  readonly kind: LedgerEntryKind
  /** Signed change of `available`, in credits. */
  readonly amount: Credits
  readonly availableAfter: Credits
  readonly version: number
  readonly effectiveAt: number
  readonly cause: Cause
}

export interface Account {
  readonly version: number
  /** Open grants in drawdown order, those of the future among them. */
  readonly grants: readonly Grant[]
  /** By credit type: the sum of the ledger's entries. */
  readonly available: ReadonlyMap<number, Credits>
  /** The next instant at which a grant begins or ends by itself; Infinity if none does. */
  readonly nextDueAt: number
  /** Places of the grants that don't always count for every meter: so that a decision need not walk all grants. */
  readonly special: readonly number[]
}

/** An account and the entries that led to it. */
export interface Change {
  readonly account: Account
  readonly entries: readonly LedgerEntry[]
}

/** Builds the account from its stored version and its open grants, in any order. */
export function openAccount(version: number, grants: readonly Grant[]): Account {
  const ordered = [...grants].sort(compareGrants)
  const available = new Map<number, Credits>()
  for (const grant of ordered) {
    if (!grant.entered) continue
    available.set(grant.creditType, add(available.get(grant.creditType) ?? (ZERO as Credits), grant.remaining))
  }
  return { version, available, ...placed(ordered) }
}

/** The account with one more grant, in its place. */
export function withGrant(account: Account, grant: Grant): Account {
  return { ...account, ...placed([...account.grants, grant].sort(compareGrants)) }
}

function placed(grants: readonly Grant[]): Pick<Account, 'grants' | 'nextDueAt' | 'special'> {
  const special = grants.flatMap(({ kind, appliesTo }, place) =>
    kind === 'ALLOWANCE' || appliesTo.length > 0 ? [place] : [],
  )
  return { grants, nextDueAt: nextDue(grants), special }
}

/** What can be spent on the meter at the instant: as `spendableOn`, from the account's own sums where they say it. */
export function spendable(account: Account, creditType: number, meter: number, at: number): Credits {
  const { grants, nextDueAt, special } = account
  if (at >= nextDueAt) return spendableOn(grants, creditType, meter, at)
  return special.reduce(
    (total, place) => {
      const grant = grants[place] as Grant
      const counts = !grant.entered || (serves(grant, creditType, meter) && isLive(grant, at))
      return counts || grant.creditType !== creditType ? total : subtract(total, grant.remaining)
    },
    availableOf(account, creditType),
  )
}

export function availableOf(account: Account, creditType: number): Credits {
  return account.available.get(creditType) ?? ZERO
}

/** Adds a grant; it enters the ledger now or, if its time is still to come, when it takes effect. */
export function addGrant(account: Account, grant: Grant, now: number, cause: Cause): Change {
  const added = withGrant(nextVersion(account), { ...grant, entered: false })
  if (grant.effectiveAt > now) return { account: added, entries: [] }
  const index = added.grants.findIndex(({ id }) => id === grant.id)
  const kind = grant.kind === 'ROLLOVER' ? 'ROLLOVER' : 'GRANT'
  return replaceGrant(added, index, { ...grant, entered: true }, kind, grant.remaining, now, cause)
}

/**
 * Makes an existing grant larger, also one that was taken back: an upgrade adds to the period's allowance, it never makes a
 * second one.
 *
 * @throws if the amount is negative, or the account has no such open grant.
 */
export function growGrant(account: Account, grantId: string, amount: Credits, now: number, cause: Cause): Change {
  if (amount < 0n) throw new Error('a grant grows by a positive amount: shrinkGrant takes back')
  const { index, grant } = openGrant(account, grantId)
  const grown = { ...grant, amount: add(grant.amount, amount), remaining: add(grant.remaining, amount), ended: null }
  return replaceGrant(nextVersion(account), index, grown, 'GRANT', amount, now, cause)
}

/**
 * Makes an existing grant smaller: a downgrade takes from the period's allowance what is still there, and what was
 * granted is that much less. Credits that are spent or held stay.
 *
 * @throws if the amount is negative or more than what remains, or the account has no such open grant.
 */
export function shrinkGrant(account: Account, grantId: string, amount: Credits, now: number, cause: Cause): Change {
  const { index, grant } = openGrant(account, grantId)
  if (amount < 0n || amount > grant.remaining) throw new Error(`grant ${grantId} has not that much to take back`)
  const shrunk = closedIfEmpty({
    ...grant,
    amount: subtract(grant.amount, amount),
    remaining: subtract(grant.remaining, amount),
  })
  return replaceGrant(nextVersion(account), index, shrunk, 'VOID', negate(amount), now, cause)
}

/**
 * Takes back what remains of a grant. Held credits stay with their holds.
 *
 * @throws if the account has no such open grant.
 */
export function endGrant(
  account: Account,
  grantId: string,
  kind: 'VOID' | 'EXPIRE',
  now: number,
  cause: Cause,
): Change {
  const { index, grant } = openGrant(account, grantId)
  // An allowance that an operator voids stays the period's one: a change of card adds to it.
  const stays = grant.kind === 'ALLOWANCE' && kind === 'VOID'
  const empty = { ...grant, remaining: ZERO as Credits }
  const ended = stays ? { ...empty, closed: false } : { ...closedIfSettled(empty), ended: kind }
  return replaceGrant(nextVersion(account), index, ended, kind, subtract(ZERO as Credits, grant.remaining), now, cause)
}

/**
 * Lets a part of what remains of a grant leave for the ROLLOVER grant that takes it on. What the grant brought stays on
 * record; the version stays, because this is a part of a renewal.
 *
 * @throws if the amount is negative or more than what remains, or the account has no such open grant.
 */
export function rollOver(account: Account, grantId: string, amount: Credits, now: number, cause: Cause): Change {
  const { index, grant } = openGrant(account, grantId)
  if (amount < 0n || amount > grant.remaining) throw new Error(`grant ${grantId} has not that much to roll over`)
  const left = closedIfEmpty({ ...grant, remaining: subtract(grant.remaining, amount) })
  return replaceGrant(account, index, left, 'ROLLOVER', negate(amount), now, cause)
}

/** Credits that usage of a meter asks for. */
export interface Demand {
  readonly creditType: number
  readonly meter: number
  readonly amount: Credits
  readonly at: number
  readonly cause: Cause
}

/** What a grant gave. */
export interface Part {
  readonly grantId: string
  readonly amount: Credits
}

/** What was taken from grants, and what they could not give. */
export interface Taken extends Change {
  readonly parts: readonly Part[]
  readonly shortfall: Credits
}

/**
 * Draws up to `amount` from the grants that serve the meter. Does not change the version: the usage as a whole does.
 * The account must have caught up with `at`: a grant that has not entered the ledger cannot be drawn from it.
 */
export function draw(account: Account, demand: Demand): Taken {
  return take(account, demand, 'DRAW')
}

/** Like `draw`, but what is taken stays in its grants as held: it can be given back, or drawn later. */
export function holdCredits(account: Account, demand: Demand): Taken {
  return take(account, demand, 'HOLD')
}

function take(account: Account, demand: Demand, kind: 'DRAW' | 'HOLD'): Taken {
  const { creditType, at, cause } = demand
  const { draws, shortfall } = drawDown(account.grants, demand)
  let available = availableOf(account, creditType)
  const grants = account.grants.slice()
  const entries: LedgerEntry[] = []
  const parts: Part[] = []
  for (const { index, amount } of draws) {
    const grant = grants[index] as Grant
    const left = { ...grant, remaining: subtract(grant.remaining, amount) }
    grants[index] = kind === 'HOLD' ? { ...left, held: add(grant.held, amount) } : closedIfEmpty(left)
    available = subtract(available, amount)
    parts.push({ grantId: grant.id, amount })
    const { version } = account
    const moved = { creditType, grantId: grant.id, kind, amount: negate(amount), availableAfter: available }
    entries.push({ ...moved, version, effectiveAt: at, cause })
  }
  const emptied = draws.some(({ index }) => grants[index]?.remaining === 0n)
  const changed = {
    ...account,
    grants,
    available: new Map(account.available).set(creditType, available),
    nextDueAt: emptied ? nextDue(grants) : account.nextDueAt,
  }
  return { account: changed, entries, parts, shortfall }
}

/** The version grows by one for each thing that happens to the customer, however many entries it writes. */
export function nextVersion(account: Account): Account {
  return { ...account, version: account.version + 1 }
}

function openGrant(account: Account, grantId: string): { index: number; grant: Grant } {
  const index = account.grants.findIndex(({ id, closed }) => id === grantId && !closed)
  const grant = account.grants[index]
  if (!grant) throw new Error(`grant ${grantId} is not open in this account`)
  return { index, grant }
}

/** A spent allowance stays open until it is ended: the period's `used` is read from it, and an upgrade grows it. */
export function closedIfEmpty(grant: Grant): Grant {
  return grant.kind === 'ALLOWANCE' && grant.ended === null ? { ...grant, closed: false } : closedIfSettled(grant)
}

/** Closes a grant of which nothing is left, held, frozen or owed. */
export function closedIfSettled(grant: Grant): Grant {
  const { remaining, held, frozen, owed } = grant
  return { ...grant, closed: remaining === 0n && held === 0n && frozen === null && owed === 0n }
}

/** Replaces a grant, and writes what that does to the balance. */
export function replaceGrant(
  account: Account,
  index: number,
  grant: Grant,
  kind: LedgerEntryKind,
  amount: Credits,
  effectiveAt: number,
  cause: Cause,
): Change {
  const grants = account.grants.with(index, grant)
  const changed = { ...account, grants, nextDueAt: nextDue(grants) }
  // A grant of the future is not in the balance yet; a change of nothing is no entry.
  if (!grant.entered || amount === 0n) return { account: changed, entries: [] }
  const availableAfter = add(availableOf(account, grant.creditType), amount)
  const available = new Map(account.available).set(grant.creditType, availableAfter)
  const { version } = account
  const entry = {
    creditType: grant.creditType,
    grantId: grant.id,
    kind,
    amount,
    availableAfter,
    version,
    effectiveAt,
    cause,
  }
  return { account: { ...changed, available }, entries: [entry] }
}

/** When the grant ends by itself. One of which nothing can be spent ends with what keeps it open, an allowance with its renewal. */
export function endOf({ kind, expiresAt, remaining, held, frozen, owed }: Grant): number {
  const onlyKept = remaining === 0n && (held > 0n || frozen !== null || owed > 0n)
  return expiresAt === null || onlyKept || kind === 'ALLOWANCE' ? Number.POSITIVE_INFINITY : expiresAt
}

function nextDue(grants: readonly Grant[]): number {
  let due = Number.POSITIVE_INFINITY
  for (const grant of grants) {
    if (grant.closed) continue
    if (!grant.entered) due = Math.min(due, grant.effectiveAt)
    due = Math.min(due, endOf(grant))
  }
  return due
}
