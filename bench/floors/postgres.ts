import type pg from 'pg'
import { serve } from '../program.ts'
import { type LoopPlan, runOneByOne } from './one-by-one.ts'

/** One event per transaction. */
export interface PostgresPlan extends LoopPlan {
  readonly customers: number
}

const CREATE = `
  create schema if not exists bench_floor;
  create table if not exists bench_floor.event (
    customer_pk bigint not null, key uuid not null, quantity numeric not null,
    created_at timestamptz not null default now(), primary key (customer_pk, key));
  create table if not exists bench_floor.balance (
    customer_pk bigint primary key, available numeric not null, version bigint not null) with (fillfactor = 50);
  create table if not exists bench_floor.entry (
    pk bigserial primary key, customer_pk bigint not null, amount numeric not null, available_after numeric not null,
    version bigint not null, created_at timestamptz not null default now());
  create index if not exists entry_customer on bench_floor.entry (customer_pk, pk desc);`

const FILL = `
  insert into bench_floor.balance select pk, 1e12, 0 from generate_series(1, $1::int) pk on conflict do nothing`

// Named: parsed and planned once per connection, as the server's own statements are.
const EVENT = {
  name: 'event',
  text: `insert into bench_floor.event (customer_pk, key, quantity) values ($1, gen_random_uuid(), 1)
         on conflict do nothing returning key`,
}
const LOCK = {
  name: 'lock',
  text: 'select available, version from bench_floor.balance where customer_pk = $1 for update',
}
const UPDATE = {
  name: 'update',
  text: `update bench_floor.balance set available = available - 1, version = version + 1 where customer_pk = $1
         returning available, version`,
}
const ENTRY = {
  name: 'entry',
  text: 'insert into bench_floor.entry (customer_pk, amount, available_after, version) values ($1, -1, $2, $3)',
}

async function recordEvent(client: pg.Client, customerPk: number): Promise<void> {
  await client.query('begin')
  await client.query(EVENT, [customerPk])
  await client.query(LOCK, [customerPk])
  const { rows } = await client.query<{ available: string; version: string }>(UPDATE, [customerPk])
  await client.query(ENTRY, [customerPk, rows[0]?.available, rows[0]?.version])
  await client.query('commit')
}

serve(({ customers, ...loop }: PostgresPlan) =>
  runOneByOne(
    loop,
    async (client) => {
      await client.query(CREATE)
      await client.query(FILL, [customers])
    },
    (client, count) => recordEvent(client, 1 + (count % customers)),
  ),
)
