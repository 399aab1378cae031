/** What time alone does to an account: holds run out, grants begin, and what is left of them ends. */
import { type Account, type Cause, type Change, closedIfSettled, endOf, nextVersion, replaceGrant } from './account.ts'
import { type Credits, ZERO } from './decimal.ts'
import { compareGrants, type Grant } from './drawdown.ts'
import { type Hold, releaseParts } from './hold.ts'

/**
 * Does what time alone does: holds that have run out release what they hold, grants whose moment has come enter the
 * ledger, and what is left of expired ones leaves it. Each entry carries the instant at which it took effect, however
 * late this runs.
 *
 * An allowance is no longer spendable when its period ends, but its renewal says what becomes of the rest: only
 * `endGrant` and `rollOver` take it out of the ledger, so that no sweeper can lose what should have rolled over.
 *
 * @param expiredHolds open holds of the account whose time is over at `now`.
 */
export function catchUp(account: Account, now: number, expiredHolds: readonly Hold[] = []): Change {
  if (now < account.nextDueAt && expiredHolds.length === 0) return { account, entries: [] }
  const opened: Change = { account: nextVersion(account), entries: [] }
  const released = expiredHolds.toSorted((a, b) => a.expiresAt - b.expiresAt).reduce(expire, opened)
  return released.account.grants
    .flatMap((grant) => dueSteps(grant, now))
    .sort((a, b) => a.at - b.at || compareGrants(a.grant, b.grant))
    .reduce((change, step) => applyStep(change, step), released)
}

function expire(before: Change, { id, parts, expiresAt }: Hold): Change {
  const cause: Cause = { type: 'hold', id, detail: { reason: 'it expired' } }
  const after = releaseParts(before.account, parts, expiresAt, cause)
  return { account: after.account, entries: [...before.entries, ...after.entries] }
}

interface DueStep {
  readonly grant: Grant
  readonly at: number
  readonly kind: 'GRANT' | 'EXPIRE'
}

function dueSteps(grant: Grant, now: number): DueStep[] {
  if (grant.closed) return []
  const steps: DueStep[] = []
  if (!grant.entered && grant.effectiveAt <= now) steps.push({ grant, at: grant.effectiveAt, kind: 'GRANT' })
  const end = endOf(grant)
  if (end <= now) steps.push({ grant, at: end, kind: 'EXPIRE' })
  return steps
}

function applyStep(before: Change, { grant: { id }, at, kind }: DueStep): Change {
  const index = before.account.grants.findIndex((grant) => grant.id === id)
  const grant = before.account.grants[index] as Grant
  const cause: Cause = { type: 'time', id }
  const entering = kind === 'GRANT'
  const next: Grant = entering
    ? { ...grant, entered: true }
    : { ...closedIfSettled({ ...grant, remaining: ZERO as Credits }), ended: 'EXPIRE' }
  const amount = entering ? grant.remaining : (-grant.remaining as Credits)
  const after = replaceGrant(before.account, index, next, kind, amount, at, cause)
  return { account: after.account, entries: [...before.entries, ...after.entries] }
}
