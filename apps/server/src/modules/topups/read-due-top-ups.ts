import type { Database, Transaction } from '../../platform/database.ts'

/** A customer's switch for which something is to be done. */
export interface DueTopUp {
  readonly customerPk: number
  readonly creditTypePk: number
  /** Epoch milliseconds, in the project's time. */
  readonly dueAt: number
}

// A charge that is on its way is waited for; one that the bank takes days for is not. A new card on file is looked at by itself, whoever put it there.
const dueBy = (customer: string, until: string) => `
  select t.customer_pk as "customerPk", t.credit_type_pk as "creditTypePk", d.due_at as "dueAt" from auto_top_up t
  left join auto_top_up_charge h
    on h.customer_pk = t.customer_pk and h.credit_type_pk = t.credit_type_pk and h.status = 'PENDING'
  left join balance_watch w on w.customer_pk = t.customer_pk and w.credit_type_pk = t.credit_type_pk and w.kind = 'TOP_UP'
  left join payment y on y.id = h.payment_id
  left join payment_profile p on p.customer_pk = t.customer_pk and p.active
  left join payment_method m on m.id = p.payment_method_id
  cross join lateral (select case
    when y.status = 'PROCESSING' then null
    when h.id is not null then h.started_at
    when t.enabled then least(t.due_at,
      case when t.state = 'READY' and not w.armed then w.crossed_at end,
      case when t.state in ('BACKING_OFF', 'NEEDS_CUSTOMER') and m.provider_method_id <> coalesce(t.declines->>'card', '')
        then to_timestamp(0) end) end as due_at) d
  where t.customer_pk = ${customer} and d.due_at <= ${until}`

const DUE = `${dueBy('$1', '$2')} order by d.due_at, t.credit_type_pk`

/** The condition that a top-up is due for a customer, for queries that look for such. */
export const isTopUpDueBy = (customer: string, until: string): string => `exists (${dueBy(customer, until)})`

/** What is due for one customer up to an instant, first things first. */
export async function readDueSwitches(
  tx: Pick<Transaction, 'query'>,
  customerPk: number,
  until: number,
): Promise<DueTopUp[]> {
  return tx.query<DueTopUp>(DUE, [customerPk, new Date(until)])
}

/** The earliest instant at which a top-up is due for the customer, up to `until`; null: none is. */
export async function readDueTopUps(
  { database }: { database: Database },
  customerPk: number,
  until: number,
): Promise<number | null> {
  return (await readDueSwitches(database, customerPk, until))[0]?.dueAt ?? null
}
