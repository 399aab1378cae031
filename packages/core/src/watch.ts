/**
 * Thresholds on a balance: each tells once when the balance falls to it, and is armed again by a refill.
 * Source: product.md, "Credits beyond the plan".
 */
import { type Account, availableOf, type LedgerEntry } from './account.ts'
import { type Credits, larger, percentOf, type Rate, subtract, sum } from './decimal.ts'
import { isLive } from './drawdown.ts'

/** Of what was granted, in percent; or an amount of credits. */
export type Threshold = { readonly percent: Rate } | { readonly amount: Credits }

/** `creditType` is an internal key. */
export interface Watch {
  readonly id: string
  readonly creditType: number
  /** ALERT: somebody is told. TOP_UP: credits are bought; debts count against the balance. */
  readonly kind: 'ALERT' | 'TOP_UP'
  readonly threshold: Threshold
  /** Whether it tells when the balance falls to it: not twice before a refill. */
  readonly armed: boolean
}

/** What became of the watches: those that have to tell now, and those whose `armed` is another. */
export interface WatchChange<Kind extends Watch = Watch> {
  readonly crossed: readonly Kind[]
  readonly changed: readonly Kind[]
}

/** Moves the watches over a change of an account. `entries` are what it wrote; `refused`: it asked for more credits than there were. */
export function moveWatches<Kind extends Watch>(
  watches: readonly Kind[],
  after: Account,
  entries: readonly LedgerEntry[],
  now: number,
  refused = false,
): WatchChange<Kind> {
  const crossed: Kind[] = []
  const changed: Kind[] = []
  for (const watch of watches) {
    const armed = watch.armed || isRefilled(watch, after, entries, now)
    const crosses = armed && isReached(watch, after, now) && (refused || isTriggered(watch, entries))
    if (crosses) crossed.push({ ...watch, armed: false })
    if (crosses || armed !== watch.armed) changed.push({ ...watch, armed: armed && !crosses })
  }
  return { crossed, changed }
}

/**
 * Whether what was written may cross the threshold. Money that goes back takes its credits along, at once or as they come
 * back: that is told to somebody, but is no reason to charge the customer anew. Their next draw is, also one that is refused.
 */
function isTriggered({ kind, creditType }: Watch, entries: readonly LedgerEntry[]): boolean {
  if (kind === 'ALERT') return true
  return entries.some((entry) => entry.creditType === creditType && isUse(entry))
}

function isUse({ kind, amount, cause }: LedgerEntry): boolean {
  if (kind === 'OVERAGE' || kind === 'UNCOVERED') return true
  return amount < 0n && !(kind === 'VOID' && (cause.type === 'payment' || cause.detail?.settles === 'debt'))
}

/** Whether the balance is at the threshold or below it. */
export function isReached(watch: Watch, account: Account, now: number): boolean {
  return balanceFor(watch, account) <= levelOf(watch, account, now)
}

/** The balance that a watch looks at: what can be spent, and for a top-up less what is owed. */
export function balanceFor({ creditType, kind }: Watch, account: Account): Credits {
  const available = availableOf(account, creditType)
  return kind === 'ALERT' ? available : subtract(available, debtOf(account, creditType))
}

/** Spent, and then refunded: what the next credits that are paid for settle first. */
export function debtOf({ grants }: Account, creditType: number): Credits {
  return sum(grants.filter((grant) => grant.creditType === creditType).map(({ owed }) => owed))
}

/** The threshold as an amount of credits. */
function levelOf({ threshold, creditType }: Watch, { grants }: Account, now: number): Credits {
  if ('amount' in threshold) return threshold.amount
  const live = grants.filter((grant) => grant.creditType === creditType && isLive(grant, now))
  return percentOf(
    sum(live.map(({ amount }) => amount)) as bigint as Parameters<typeof percentOf>[0],
    threshold.percent,
  )
}

// A refill and a draw may come in one change: what counts is where the balance was in between.
function isRefilled(watch: Watch, after: Account, entries: readonly LedgerEntry[], now: number): boolean {
  const own = entries.filter(({ creditType }) => creditType === watch.creditType)
  const refill = own.findIndex(({ kind, amount }) => (kind === 'GRANT' || kind === 'ROLLOVER') && amount > 0n)
  if (refill === -1) return false
  const peak = own
    .slice(refill)
    .map(({ availableAfter }) => availableAfter)
    .reduce(larger)
  const debt = watch.kind === 'TOP_UP' ? debtOf(after, watch.creditType) : 0n
  return peak - debt > levelOf(watch, after, now)
}
