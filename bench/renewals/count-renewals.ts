import type { Database } from '../../apps/server/src/platform/database.ts'
import { SANDBOX_KEY } from '../services.ts'
import { PRICE_MINOR, type Renewals } from './seed-renewals.ts'

/** What one subscription has, its first period included. */
interface Held {
  readonly id: string
  readonly isPaid: boolean
  readonly isSettled: boolean
  readonly periods: number
  readonly allowances: number
  readonly allowedPeriods: number
  readonly invoices: number
  readonly payments: number
}

export interface RenewalCounts {
  /** Subscriptions that lack a renewal, or something that belongs to it. */
  readonly lost: number
  /** Subscriptions that have one too many of something; and charges that nobody knows. */
  readonly doubled: number
  /** Subscriptions with one of everything. */
  readonly once: number
  readonly allowances: number
  readonly invoices: number
  readonly charges: number
}

const HELD = `
  select s.id, c.id like 'paid%' as "isPaid", s.status = 'ACTIVE' and s.due_at > $2 and s.open_invoice_id is null as "isSettled",
    s.period_index + 1 as periods, g.allowances, g.periods as "allowedPeriods",
    coalesce(i.invoices, 0) as invoices, coalesce(y.payments, 0) as payments
  from subscription s join customer c on c.pk = s.customer_pk
  left join (select subscription_id, count(*) as allowances, count(distinct period_start) as periods from "grant"
    where kind = 'ALLOWANCE' group by 1) g on g.subscription_id = s.id
  left join (select customer_pk, count(*) as invoices from invoice where status = 'PAID' group by 1) i using (customer_pk)
  left join (select customer_pk, count(*) as payments from payment where status = 'SUCCEEDED' group by 1) y using (customer_pk)
  where c.project_id = $1`

/** Counts what each renewal has brought, in the database and at the payment provider. */
export async function countRenewals(database: Database, port: number, renewals: Renewals): Promise<RenewalCounts> {
  const { projectId, dueAt } = renewals
  const rows = await database.query<Held>(HELD, [projectId, new Date(dueAt)])
  const { charges, strays } = await readCharges(database, port, projectId)
  const sum = { lost: 0, doubled: strays, once: 0, allowances: 0, invoices: 0, charges: 0 }
  for (const row of rows) {
    const charged = charges.get(row.id) ?? 0
    const once = row.isPaid ? 1 : 0
    const surplus = [
      row.periods - 2,
      row.allowances - 2,
      row.allowedPeriods - 2,
      row.invoices - 2 * once,
      row.payments - 2 * once,
      charged - once,
    ]
    if (surplus.some((count) => count < 0) || !row.isSettled) sum.lost++
    else if (surplus.every((count) => count === 0)) sum.once++
    if (surplus.some((count) => count > 0)) sum.doubled++
    sum.allowances += row.allowances - 1
    sum.invoices += row.invoices - once
    sum.charges += charged
  }
  sum.lost += renewals.free + renewals.paid - rows.length
  return sum
}

interface Intent {
  readonly id: string
  readonly status: string
  readonly amount_received: number
  readonly metadata: Readonly<Record<string, string>>
}

/** Successful charges of renewals by subscription, as the provider knows them; and those of an amount or a payment that nobody knows. */
async function readCharges(database: Database, port: number, projectId: string) {
  const payments = await database.query<{ id: string; subscriptionId: string | null }>(
    `select id, purpose->>'subscriptionId' as "subscriptionId" from payment where project_id = $1`,
    [projectId],
  )
  const subscriptionOf = new Map(payments.map(({ id, subscriptionId }) => [id, subscriptionId]))
  const charges = new Map<string, number>()
  let strays = 0
  for await (const intent of listIntents(port)) {
    if (intent.status !== 'succeeded') continue
    const subscriptionId = subscriptionOf.get(intent.metadata.florin_reference ?? '')
    if (subscriptionId === undefined || intent.amount_received !== PRICE_MINOR) strays++
    else if (subscriptionId) charges.set(subscriptionId, (charges.get(subscriptionId) ?? 0) + 1)
  }
  return { charges, strays }
}

async function* listIntents(port: number): AsyncGenerator<Intent> {
  for (let after = ''; ; ) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/payment_intents?limit=100${after}`, {
      headers: { authorization: `Bearer ${SANDBOX_KEY}` },
    })
    const { data, has_more } = (await response.json()) as { data: Intent[]; has_more: boolean }
    yield* data
    if (!has_more) return
    after = `&starting_after=${data.at(-1)?.id}`
  }
}
