import pg from 'pg'
import { serve } from '../program.ts'

/** One event per transaction, as billing code is usually written. */
export interface PostgresPlan {
  readonly url: string
  readonly connections: number
  readonly customers: number
  readonly seconds: number
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

/** @returns events a second. */
async function recordOneByOne({ url, connections, customers, seconds }: PostgresPlan): Promise<number> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  await clients[0]?.query(CREATE)
  await clients[0]?.query(FILL, [customers])
  const end = performance.now() + seconds * 1_000
  let next = 0
  let done = 0
  const work = async (client: pg.Client) => {
    while (performance.now() < end) {
      await recordEvent(client, 1 + (next++ % customers))
      done++
    }
  }
  const began = performance.now()
  await Promise.all(clients.map(work))
  const elapsed = performance.now() - began
  await Promise.all(clients.map((client) => client.end()))
  return (done * 1_000) / elapsed
}

serve(recordOneByOne)
