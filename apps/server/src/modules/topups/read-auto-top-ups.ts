import { amountOf, type Credits, type Declines, type TopUpState } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'

/** A customer's switch as stored. Instants in epoch milliseconds, in the project's time. */
export interface AutoTopUp {
  readonly customerPk: number
  readonly creditTypePk: number
  readonly enabled: boolean
  readonly threshold: Credits
  /** The card's version that offers the bundle. */
  readonly cardPk: number
  readonly bundleCode: string
  readonly maxPerMonth: number | null
  readonly maxSpendMinor: bigint | null
  readonly state: TopUpState
  /** Names this top-up among those before and after it. */
  readonly dueId: string
  readonly dueAt: number | null
  readonly declines: Declines | null
  readonly runawayUntil: number | null
}

type Row = Omit<AutoTopUp, 'threshold' | 'maxSpendMinor'> & { threshold: string; maxSpendMinor: number | null }

const COLUMNS = `t.customer_pk as "customerPk", t.credit_type_pk as "creditTypePk", t.enabled, t.threshold,
  t.rate_card_version_pk as "cardPk", t.bundle_code as "bundleCode", t.max_per_month as "maxPerMonth",
  t.max_spend_minor as "maxSpendMinor", t.state::text, t.due_id as "dueId", t.due_at as "dueAt", t.declines,
  t.runaway_until as "runawayUntil"`

const OF_CUSTOMERS: Statement = {
  name: 'auto-top-ups',
  text: `select ${COLUMNS} from auto_top_up t where t.customer_pk = any($1::bigint[]) order by t.credit_type_pk`,
}

/** The switches of many customers. */
export async function readAutoTopUps(
  tx: Pick<Transaction, 'query'>,
  customerPks: readonly number[],
): Promise<Map<number, AutoTopUp[]>> {
  const byCustomer = new Map<number, AutoTopUp[]>()
  for (const row of await tx.query<Row>(OF_CUSTOMERS, [arrayOf(customerPks)])) {
    byCustomer.set(row.customerPk, [...(byCustomer.get(row.customerPk) ?? []), toAutoTopUp(row)])
  }
  return byCustomer
}

/** The customer's switch for a credit type, behind their lock; null: they never had one. */
export async function readAutoTopUp(
  tx: Pick<Transaction, 'query'>,
  customerPk: number,
  creditTypePk: number,
): Promise<AutoTopUp | null> {
  const known = (await readAutoTopUps(tx, [customerPk])).get(customerPk) ?? []
  return known.find((topUp) => topUp.creditTypePk === creditTypePk) ?? null
}

function toAutoTopUp(row: Row): AutoTopUp {
  const { threshold, maxSpendMinor } = row
  return {
    ...row,
    threshold: amountOf(threshold),
    maxSpendMinor: maxSpendMinor === null ? null : BigInt(maxSpendMinor),
  }
}
