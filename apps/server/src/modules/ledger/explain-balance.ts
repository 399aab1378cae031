import { compareGrants, explainPlace, formatAmount, type Grant, sum } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import { invalidInput } from '../../platform/errors.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { findCreditType, type LedgerDeps } from './create-wallet.ts'
import { describeGrant } from './describe-grant.ts'
import { type GrantState, storeGrant } from './grant-state.ts'
import {
  type Moment,
  readDebt,
  readFinishedGrants,
  readPastBalance,
  readPastGrants,
  readSince,
  type Subject,
} from './read-past.ts'
import { readDueAccount, settleDueAccounts } from './settle-due-accounts.ts'

export interface PastDeps extends LedgerDeps {
  /** Takes a customer over the end of a period that has come. */
  renewOverdue(projectId: string, customerPk: number): Promise<void>
}

export interface BalanceQuery {
  customerId: string
  creditType: string
  /** Epoch milliseconds, now if left out; NaN: what was sent is no instant. */
  at?: number | null | undefined
}

/** A grant as it was, and why it was there and stood where it did. */
export interface ExplainedGrant {
  readonly grant: GrantState
  readonly cause: string
  /** Null once nothing can be drawn from it. */
  readonly place: string | null
}

/** What made a balance. Decimals as text. */
export interface BalanceExplanation {
  readonly subject: Subject
  readonly moment: Moment
  readonly creditType: string
  /** What the ledger's entries come to. */
  readonly available: string
  /** What remained of the grants, by themselves. */
  readonly remaining: string
  readonly held: string
  /** Null for a moment of the past: what is owed is in no entry. */
  readonly debt: string | null
  readonly grants: readonly ExplainedGrant[]
}

/** What could be spent at an instant of the past: the sum of what had taken effect by then. Throws NOT_FOUND, INVALID_INPUT. */
export async function readBalanceAt(deps: PastDeps, project: Project, query: BalanceQuery): Promise<string> {
  const { subject, moment } = await readSubject(deps, project, query)
  const balance = await deps.database.snapshot(async (tx) => readPastBalance(tx, await readSince(tx, subject, moment)))
  return formatAmount(balance)
}

/** The same with the grants that make it, in drawdown order. Throws NOT_FOUND, INVALID_INPUT. */
export async function explainBalance(
  deps: PastDeps,
  project: Project,
  query: BalanceQuery,
  version: number | null = null,
): Promise<BalanceExplanation> {
  const { subject, moment } = await readSubject(deps, project, query, version)
  const isNow = query.at == null && version === null
  const { available, grants, debt } = await deps.database.snapshot(async (tx) => {
    const since = await readSince(tx, subject, moment)
    const grants = await readPastGrants(tx, since)
    const debt = isNow ? await readDebt(tx, subject) : null
    return { available: await readPastBalance(tx, since), grants: grants.sort(compareGrants), debt }
  })
  const total = (field: 'remaining' | 'held') => formatAmount(sum(grants.map((grant) => grant[field])))
  return {
    subject,
    moment,
    creditType: query.creditType,
    available: formatAmount(available),
    remaining: total('remaining'),
    held: total('held'),
    debt: debt === null ? null : formatAmount(debt),
    grants: grants.map((grant, index) => explained(grant, explainPlace(grants, index))),
  }
}

/** Grants that were finished by the moment of an explanation, newest first. */
export async function explainFinished(
  { database }: PastDeps,
  { subject, moment }: BalanceExplanation,
  page: { readonly take: number; readonly before: string | null },
): Promise<ExplainedGrant[]> {
  const grants = await database.snapshot(async (tx) =>
    readFinishedGrants(tx, await readSince(tx, subject, moment), page),
  )
  return grants.map((grant) => explained(grant, null))
}

function explained(grant: Grant, place: string | null): ExplainedGrant {
  return { grant: storeGrant(grant), cause: describeGrant(grant), place }
}

async function readSubject(
  deps: PastDeps,
  project: Project,
  query: BalanceQuery,
  version: number | null = null,
): Promise<{ subject: Subject; moment: Moment }> {
  const at = query.at ?? nowOf(project)
  if (Number.isNaN(at)) throw invalidInput('at', 'at is not an instant such as "2027-01-01T00:00:00Z"')
  if (at > nowOf(project))
    throw invalidInput('at', 'at is in the future: the newest balance is the one of now, `clock`')
  const customer = await findCustomer(deps.database, project, query.customerId)
  const creditType = await findCreditType(deps.catalog, project, query.creditType)
  await writeWhatIsDue(deps, project, customer.pk)
  return { subject: { customerPk: customer.pk, creditType: creditType.pk }, moment: { at, version } }
}

/** The past is read from entries: what time has done by now is written down first, as of its own instant. */
async function writeWhatIsDue(deps: PastDeps, project: Project, customerPk: number): Promise<void> {
  await deps.renewOverdue(project.id, customerPk)
  const now = nowOf(project)
  if ((await readDueAccount(deps, customerPk, now)) !== null) await settleDueAccounts(deps, customerPk, now)
}
