import { amountOf, type Budget, type BudgetPeriod, renewBudget } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

/** A budget as the database has it. */
export interface StoredBudget extends Budget {
  readonly customerPk: number
  readonly creditType: number
  readonly creditTypeCode: string
  /** Of its customer: periods follow their calendar. */
  readonly timeZone: string
}

interface Row {
  customer_pk: number
  credit_type_pk: number
  code: string
  limit: string
  period: BudgetPeriod
  period_start: number
  period_end: number | null
  spent: string
  reached: boolean
  timezone: string
}

const BUDGETS: Statement = {
  name: 'ledger-budgets',
  text: `select b.customer_pk, b.credit_type_pk, t.code, b."limit", b.period::text, b.period_start, b.period_end, b.spent,
           b.reached, c.timezone
         from budget b join credit_type t on t.pk = b.credit_type_pk join customer c on c.pk = b.customer_pk
         where b.customer_pk = any($1::bigint[]) order by b.customer_pk, b.credit_type_pk`,
}

export type BudgetsByCustomer = ReadonlyMap<number, readonly StoredBudget[]>

/**
 * The customers' budgets. Read behind the lock, and never kept beyond it: a hold that runs out gives back to the budgets
 * of those below its payer, whose versions stay.
 */
export async function readBudgets(tx: Transaction, customerPks: readonly number[]): Promise<BudgetsByCustomer> {
  const rows = await tx.query<Row>(BUDGETS, [arrayOf(customerPks)])
  const byCustomer = new Map<number, StoredBudget[]>()
  for (const row of rows) byCustomer.set(row.customer_pk, [...(byCustomer.get(row.customer_pk) ?? []), toBudget(row)])
  return byCustomer
}

/** The budgets in the periods that an instant belongs to, and how many periods have begun: each is a version. */
export function renewBudgets(
  budgets: readonly StoredBudget[],
  now: number,
): { budgets: readonly StoredBudget[]; periods: number } {
  const renewed = budgets.map((stored) => ({ stored, ...renewBudget(stored, stored.timeZone, now) }))
  const periods = renewed.reduce((sum, { periods }) => sum + periods, 0)
  if (periods === 0) return { budgets, periods }
  return { budgets: renewed.map(({ stored, budget }) => ({ ...stored, ...budget })), periods }
}

function toBudget(row: Row): StoredBudget {
  return {
    customerPk: row.customer_pk,
    creditType: row.credit_type_pk,
    creditTypeCode: row.code,
    timeZone: row.timezone,
    limit: amountOf(row.limit),
    period: row.period,
    start: row.period_start,
    end: row.period_end,
    spent: amountOf(row.spent),
    reached: row.reached,
  }
}
