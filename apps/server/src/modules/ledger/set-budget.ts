import { type BudgetPeriod, type Credits, changeBudget, formatAmount, openBudget, remainingIn } from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { type Customer, findCustomer } from '../accounts/read-customer.ts'
import type { Project } from '../accounts/viewer.ts'
import { checkDecimal } from '../catalog/check-rate-card.ts'
import { findCreditType, type LedgerDeps } from './create-wallet.ts'
import { readBudgets, type StoredBudget } from './read-budgets.ts'
import { withAccount } from './with-account.ts'

export interface BudgetInput {
  customerId: string
  creditType: string
  /** Null removes the budget. */
  limit?: unknown
  period: BudgetPeriod
}

/** A budget as the API shows it. Decimals as text. */
export interface BudgetView {
  readonly creditType: string
  readonly limit: string
  readonly period: BudgetPeriod
  readonly spent: string
  readonly remaining: string
  readonly resetsAt: number | null
}

/**
 * Limits what a customer and all below them use of a credit type in a period, from now on. Another limit keeps what the
 * period has counted; another period counts anew. Throws NOT_FOUND, INVALID_INPUT.
 */
export async function setBudget(deps: LedgerDeps, project: Project, input: BudgetInput): Promise<BudgetView | null> {
  const limit = input.limit == null ? null : checkDecimal<'credits'>(input.limit, 'limit', 'zero')
  const customer = await findCustomer(deps.database, project, input.customerId)
  const { pk: creditType, code } = await findCreditType(deps.catalog, project, input.creditType)
  const now = nowOf(project)
  const { result, version } = await deps.database.transaction((tx) =>
    withAccount(tx, customer.pk, now, async (session) => {
      const known = (await readBudgets(tx, [customer.pk])).get(customer.pk) ?? []
      const before = known.find((budget) => budget.creditType === creditType)
      const others = known.length - (before ? 1 : 0)
      tx.send(`update customer_ledger set has_budgets = $2 where customer_pk = $1`, [
        customer.pk,
        limit !== null || others > 0,
      ])
      session.touch()
      if (limit !== null)
        return writeLimit(tx, customer, { creditType, code, limit, period: input.period }, before, now)
      tx.send(`delete from budget where customer_pk = $1 and credit_type_pk = $2`, [customer.pk, creditType])
      return null
    }),
  )
  deps.pubsub.publish([{ key: customer.pk, version }])
  return result
}

interface Wanted {
  readonly creditType: number
  readonly code: string
  readonly limit: Credits
  readonly period: BudgetPeriod
}

/** What the period has counted is left to those who count: a hold that runs out may give back at the same time. */
function writeLimit(
  tx: Transaction,
  { pk, timezone }: Customer,
  { creditType, code, limit, period }: Wanted,
  before: StoredBudget | undefined,
  now: number,
): BudgetView {
  const after = before ? changeBudget(before, limit, period, timezone, now) : openBudget(limit, period, timezone, now)
  tx.send(
    `insert into budget as b (customer_pk, credit_type_pk, "limit", period, period_start, period_end, reached)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (customer_pk, credit_type_pk) do update set "limit" = excluded."limit", period = excluded.period,
       period_start = excluded.period_start, period_end = excluded.period_end, reached = excluded.reached,
       spent = case when b.period_start = excluded.period_start then b.spent else 0 end`,
    [
      pk,
      creditType,
      formatAmount(limit),
      period,
      new Date(after.start),
      after.end && new Date(after.end),
      after.reached,
    ],
  )
  return viewBudget({ ...after, creditTypeCode: code })
}

export function viewBudget(budget: Omit<StoredBudget, 'customerPk' | 'creditType' | 'timeZone'>): BudgetView {
  return {
    creditType: budget.creditTypeCode,
    limit: formatAmount(budget.limit),
    period: budget.period,
    spent: formatAmount(budget.spent),
    remaining: formatAmount(remainingIn(budget)),
    resetsAt: budget.end,
  }
}
