import { type Credits, formatAmount } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import { announceEvents } from '../events/announce-event.ts'
import type { StoredBudget } from './read-budgets.ts'
import type { StoredHold } from './read-holds.ts'

const BUDGETS: Statement = {
  name: 'ledger-write-budgets',
  text: `update budget b set period_start = w.period_start, period_end = w.period_end, spent = w.spent, reached = w.reached
         from unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::timestamptz[], $5::numeric[], $6::bool[])
           as w(customer_pk, credit_type_pk, period_start, period_end, spent, reached)
         where b.customer_pk = w.customer_pk and b.credit_type_pk = w.credit_type_pk`,
}

const RETURNED: Statement = {
  name: 'ledger-return-budgets',
  text: `update budget b set spent = greatest(b.spent - w.credits, 0)
         from (
           select customer_pk, credit_type_pk, period_start, sum(credits) as credits
           from unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::numeric[])
             as g(customer_pk, credit_type_pk, period_start, credits)
           group by customer_pk, credit_type_pk, period_start) w
         where b.customer_pk = w.customer_pk and b.credit_type_pk = w.credit_type_pk and b.period_start = w.period_start`,
}

/** A budget before a change and after it. */
export interface BudgetChange {
  readonly before: StoredBudget
  readonly after: StoredBudget
}

/** What is another budget after than before: they are immutable, and in the same order. */
export function changesOf(before: readonly StoredBudget[], after: readonly StoredBudget[]): BudgetChange[] {
  return before.flatMap((known, index) => {
    const next = after[index] as StoredBudget
    return next.spent === known.spent && next.start === known.start && next.reached === known.reached
      ? []
      : [{ before: known, after: next }]
  })
}

/**
 * Writes budgets that have changed, and tells which of them are used up. The caller has the locks of their customers and of
 * all above them.
 */
export function writeBudgets(
  tx: Transaction,
  changes: readonly BudgetChange[],
  now: (customerPk: number) => number,
): void {
  if (changes.length === 0) return
  const budgets = changes.map(({ after }) => after)
  tx.send(BUDGETS, [
    arrayOf(budgets.map(({ customerPk }) => customerPk)),
    arrayOf(budgets.map(({ creditType }) => creditType)),
    arrayOf(budgets.map(({ start }) => instant(start))),
    arrayOf(budgets.map(({ end }) => (end === null ? null : instant(end)))),
    arrayOf(budgets.map(({ spent }) => formatAmount(spent))),
    arrayOf(budgets.map(({ reached }) => String(reached))),
  ])
  announceEvents(
    tx,
    changes.filter(isReachedNow).map(({ after }) => ({
      customerPk: after.customerPk,
      type: 'budget.reached',
      data: {
        creditType: after.creditTypeCode,
        limit: formatAmount(after.limit),
        period: after.period,
        spent: formatAmount(after.spent),
      },
      occurredAt: now(after.customerPk),
    })),
  )
}

/** Credits that no longer count in the period of a budget that began at `start`. */
export interface ReturnedCredits {
  readonly customerPk: number
  readonly creditType: number
  readonly start: number
  readonly credits: Credits
}

/**
 * Gives back to budgets whose period is still the one in which the credits counted. The payer's lock is enough for those
 * below: whoever draws on them has it too.
 */
export function returnBudgets(tx: Transaction, returned: readonly ReturnedCredits[]): void {
  if (returned.length === 0) return
  tx.send(RETURNED, [
    arrayOf(returned.map(({ customerPk }) => customerPk)),
    arrayOf(returned.map(({ creditType }) => creditType)),
    arrayOf(returned.map(({ start }) => instant(start))),
    arrayOf(returned.map(({ credits }) => formatAmount(credits))),
  ])
}

/** What holds have reserved of budgets. */
export function reservedBy(holds: readonly StoredHold[]): ReturnedCredits[] {
  return holds.flatMap(({ creditType, budgets }) => budgets.map((budget) => ({ ...budget, creditType })))
}

function isReachedNow({ before, after }: BudgetChange): boolean {
  return after.reached && !(before.reached && before.start === after.start)
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
