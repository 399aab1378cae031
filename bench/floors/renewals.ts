import type pg from 'pg'
import { serve } from '../program.ts'
import { type LoopPlan, runOneByOne } from './one-by-one.ts'

/** Renewals without a rule of billing and without a provider: the rows that they write, one by one. */
export interface RenewalsPlan extends LoopPlan {
  /** Every second one is paid: an invoice, a payment, and the allowance when it is settled. */
  readonly subscriptions: number
}

const CREATE = `
  create schema if not exists bench_floor;
  create table if not exists bench_floor.ledger (customer_pk bigint primary key, version bigint not null)
    with (fillfactor = 50);
  create table if not exists bench_floor.subscription (
    customer_pk bigint primary key, period_index int not null, due_at timestamptz not null, open_invoice_id uuid);
  create index if not exists subscription_due on bench_floor.subscription (due_at);
  create table if not exists bench_floor.allowance (
    id uuid primary key default gen_random_uuid(), customer_pk bigint not null, remaining numeric not null,
    period_index int not null, closed_at timestamptz, unique (customer_pk, period_index));
  create table if not exists bench_floor.credit_entry (
    pk bigserial primary key, customer_pk bigint not null, amount numeric not null, version bigint not null,
    created_at timestamptz not null default now());
  create index if not exists credit_entry_customer on bench_floor.credit_entry (customer_pk, pk desc);
  create table if not exists bench_floor.invoice_counter (id int primary key, next int not null);
  create table if not exists bench_floor.invoice (
    id uuid primary key default gen_random_uuid(), customer_pk bigint not null, number int not null unique,
    status text not null, amount bigint not null, created_at timestamptz not null default now());
  create index if not exists invoice_customer on bench_floor.invoice (customer_pk);
  create table if not exists bench_floor.invoice_line (
    invoice_id uuid not null, position int not null, amount bigint not null, primary key (invoice_id, position));
  create table if not exists bench_floor.payment (
    id uuid primary key default gen_random_uuid(), customer_pk bigint not null, invoice_id uuid not null,
    status text not null, created_at timestamptz not null default now());
  create index if not exists payment_invoice on bench_floor.payment (invoice_id);`

const FILL = [
  `insert into bench_floor.ledger select pk, 0 from generate_series(1, $1::int) pk on conflict do nothing`,
  `insert into bench_floor.subscription select pk, 0, now(), null from generate_series(1, $1::int) pk on conflict do nothing`,
  `insert into bench_floor.invoice_counter select 1, 1 where $1::int > 0 on conflict do nothing`,
]

const statement = (name: string, text: string) => ({ name, text })

// Named: parsed and planned once per connection.
const LOCK = statement('lock', 'select version from bench_floor.ledger where customer_pk = $1 for update')
const PERIOD = statement(
  'period',
  `update bench_floor.subscription set period_index = period_index + 1, due_at = due_at + interval '1 month',
     open_invoice_id = $2 where customer_pk = $1 returning period_index`,
)
const EXPIRE = statement(
  'expire',
  `update bench_floor.allowance set remaining = 0, closed_at = now() where customer_pk = $1 and period_index = $2`,
)
const GRANT = statement(
  'grant',
  'insert into bench_floor.allowance (customer_pk, remaining, period_index) values ($1, 100, $2)',
)
const ENTRY = statement(
  'entry',
  'insert into bench_floor.credit_entry (customer_pk, amount, version) values ($1, $2, $3)',
)
const VERSION = statement('version', 'update bench_floor.ledger set version = version + 1 where customer_pk = $1')
const NUMBER = statement(
  'number',
  'update bench_floor.invoice_counter set next = next + 1 where id = 1 returning next as number',
)
const INVOICE = statement(
  'invoice',
  `insert into bench_floor.invoice (customer_pk, number, status, amount) values ($1, $2, 'OPEN', 1000) returning id`,
)
const LINE = statement('line', 'insert into bench_floor.invoice_line values ($1, 0, 1000)')
const PAYMENT = statement(
  'payment',
  `insert into bench_floor.payment (customer_pk, invoice_id, status) values ($1, $2, 'PENDING') returning id`,
)
const LOCK_PAYMENT = statement('lock-payment', 'select * from bench_floor.payment where id = $1 for update')
const PAID = statement('paid', `update bench_floor.invoice set status = 'PAID' where id = $1`)
const CLEARED = statement(
  'cleared',
  'update bench_floor.subscription set open_invoice_id = null where customer_pk = $1',
)
const SETTLED = statement('settled', `update bench_floor.payment set status = 'SUCCEEDED' where id = $1`)

async function first(client: pg.Client, query: pg.QueryConfig, values: unknown[]): Promise<Record<string, unknown>> {
  return (await client.query<Record<string, unknown>>(query, values)).rows[0] ?? {}
}

async function renewFree(client: pg.Client, customerPk: number): Promise<void> {
  await client.query('begin')
  const { version } = await first(client, LOCK, [customerPk])
  const { period_index: period } = await first(client, PERIOD, [customerPk, null])
  await client.query(EXPIRE, [customerPk, Number(period) - 1])
  await client.query(ENTRY, [customerPk, -100, version])
  await client.query(GRANT, [customerPk, period])
  await client.query(ENTRY, [customerPk, 100, version])
  await client.query(VERSION, [customerPk])
  await client.query('commit')
}

async function renewPaid(client: pg.Client, customerPk: number): Promise<void> {
  await client.query('begin')
  const { version } = await first(client, LOCK, [customerPk])
  const { number } = await first(client, NUMBER, [])
  const { id: invoiceId } = await first(client, INVOICE, [customerPk, number])
  await client.query(LINE, [invoiceId])
  const { period_index: period } = await first(client, PERIOD, [customerPk, invoiceId])
  await client.query(EXPIRE, [customerPk, Number(period) - 1])
  await client.query(ENTRY, [customerPk, -100, version])
  await client.query(VERSION, [customerPk])
  await client.query('commit')
  const { id: paymentId } = await first(client, PAYMENT, [customerPk, invoiceId])
  await client.query('begin')
  await client.query(LOCK_PAYMENT, [paymentId])
  const { version: later } = await first(client, LOCK, [customerPk])
  await client.query(PAID, [invoiceId])
  await client.query(GRANT, [customerPk, period])
  await client.query(ENTRY, [customerPk, 100, later])
  await client.query(CLEARED, [customerPk])
  await client.query(SETTLED, [paymentId])
  await client.query(VERSION, [customerPk])
  await client.query('commit')
}

serve(({ subscriptions, ...loop }: RenewalsPlan) =>
  runOneByOne(
    loop,
    async (client) => {
      await client.query(CREATE)
      for (const fill of FILL) await client.query(fill, [subscriptions])
    },
    (client, count) => (count % 2 ? renewPaid : renewFree)(client, 1 + (count % subscriptions)),
  ),
)
