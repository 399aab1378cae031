import { amountOf, formatAmount, type Watch } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

/** A watch as the database has it. */
export interface StoredWatch extends Watch {
  readonly customerPk: number
  readonly creditTypeCode: string
  /** From the project's alerts for all customers. */
  readonly inherited: boolean
}

interface Row {
  id: string
  customer_pk: number
  credit_type_pk: number
  code: string
  kind: Watch['kind']
  percent: string | null
  amount: string | null
  armed: boolean
  inherited: boolean
}

const WATCHES: Statement = {
  name: 'ledger-watches',
  text: `select w.id, w.customer_pk, w.credit_type_pk, t.code, w.kind, w.percent, w.amount, w.armed, w.inherited
         from balance_watch w join credit_type t on t.pk = w.credit_type_pk
         where w.customer_pk = any($1::bigint[]) order by w.id`,
}

/** The thresholds on the customers' balances. */
export async function readWatches(
  tx: Transaction,
  customerPks: readonly number[],
): Promise<Map<number, StoredWatch[]>> {
  const rows = await tx.query<Row>(WATCHES, [arrayOf(customerPks)])
  const byCustomer = new Map<number, StoredWatch[]>()
  for (const row of rows) byCustomer.set(row.customer_pk, [...(byCustomer.get(row.customer_pk) ?? []), toWatch(row)])
  return byCustomer
}

/** A threshold as the API shows it: one of the two. */
export function thresholdOf({ threshold }: Pick<Watch, 'threshold'>): {
  percent: string | null
  amount: string | null
} {
  return 'percent' in threshold
    ? { percent: formatAmount(threshold.percent), amount: null }
    : { percent: null, amount: formatAmount(threshold.amount) }
}

function toWatch(row: Row): StoredWatch {
  const { id, kind, armed, inherited, customer_pk: customerPk, credit_type_pk: creditType, code: creditTypeCode } = row
  const threshold =
    row.percent === null
      ? { amount: amountOf<'credits'>(row.amount as string) }
      : { percent: amountOf<'rate'>(row.percent) }
  return { id, customerPk, creditType, creditTypeCode, kind, threshold, armed, inherited }
}
