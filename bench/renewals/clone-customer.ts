import type { Database, Transaction } from '../../apps/server/src/platform/database.ts'

/** A customer that the API has written, with everything that belongs to it. */
export interface Template {
  readonly pk: number
  readonly id: string
}

interface Table {
  readonly name: string
  /** The rows of the template, whose key is $1. */
  readonly where?: string
  /** What is not the template's value with other ids: of clone `c` of row `t`, in SQL. */
  readonly own?: string
}

/** In the order of their references. */
const TABLES: readonly Table[] = [
  { name: 'customer_ledger' },
  { name: 'wallet' },
  { name: 'subscription' },
  { name: 'grant' },
  { name: 'ledger_entry', own: `'pk', nextval('ledger_entry_pk_seq')` },
  {
    name: 'invoice',
    own: `'number', (select 'INV-' || lpad((next - 1 + c.n)::text, 6, '0') from invoice_counter i where i.project_id = t.project_id)`,
  },
  { name: 'invoice_line', where: 't.invoice_id in (select id from invoice where customer_pk = $1)' },
  { name: 'payment', own: `'provider_payment_id', t.provider_payment_id || '-' || c.n` },
]

/** Made at the provider, for each customer. */
const NOT_CLONED = ['payment_profile', 'payment_method']

export interface Clones {
  readonly copies: number
  /** The time part of their ids. Clones of several templates under one stamp alternate in the order of ids. */
  readonly stamp: string
  /** The customer whose subscription began when theirs do. */
  readonly beganWith: Template
}

/**
 * Writes copies of a customer's rows that differ from them in nothing but ids and the instant of the subscription, so that
 * they are what the API would have written for more customers at that instant. They are called after the template, with
 * a number.
 */
export async function cloneCustomer(database: Database, template: Template, clones: Clones): Promise<void> {
  const { copies, beganWith } = clones
  if (copies === 0) return
  await database.transaction(async (tx) => {
    await refuseUnknownRows(tx, template)
    const changes: Changes = {
      ids: `[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-(${(await tailsOfIds(tx, template)).join('|')})[0-9a-f]{4}`,
      stamp: clones.stamp,
      from: await instantsOf(tx, template),
      to: await instantsOf(tx, beganWith),
    }
    await tx.query(`create temp table clone on commit drop as
      select n, nextval('customer_pk_seq') as pk from generate_series(1, ${copies}) n`)
    await tx.query(
      `insert into customer select r.* from clone c, customer t, jsonb_populate_record(null::customer,
         to_jsonb(t) || jsonb_build_object('pk', c.pk, 'id', t.id || '-' || c.n)) r where t.pk = $1`,
      [template.pk],
    )
    for (const table of TABLES) await cloneRows(tx, table, template, changes)
    await tx.query(
      `update invoice_counter set next = next + $2 where project_id in (select project_id from invoice where customer_pk = $1)`,
      [template.pk, copies],
    )
  })
}

/** What is replaced in the text of a row. */
interface Changes {
  /** A pattern of the template's own ids. */
  readonly ids: string
  readonly stamp: string
  readonly from: Instants
  readonly to: Instants
}

interface Instants {
  readonly start: string
  readonly end: string
}

async function cloneRows(
  tx: Transaction,
  { name, where = 't.customer_pk = $1', own }: Table,
  { pk }: Template,
  { ids, stamp, from, to }: Changes,
): Promise<void> {
  const key = where.startsWith('t.customer_pk') ? `jsonb_build_object('customer_pk', c.pk)` : `'{}'::jsonb`
  await tx.query(
    `insert into "${name}" select r.* from clone c, "${name}" t, jsonb_populate_record(null::"${name}",
       regexp_replace(replace(replace(to_jsonb(t)::text, $4, $5), $6, $7), $2,
         $3 || '-7' || lpad(to_hex(c.n % 4096), 3, '0') || '-\\1' || lpad(to_hex(c.n / 4096), 4, '0'), 'g')::jsonb
       || ${key} || jsonb_build_object(${own ?? ''})) r
     where ${where} order by c.n`,
    [pk, ids, stamp, from.start, to.start, from.end, to.end],
  )
}

/** Begin and end of the template's period, as they stand in the text of its rows. */
async function instantsOf(tx: Transaction, { pk }: Template): Promise<Instants> {
  const [instants] = await tx.query<Instants>(
    `select to_jsonb(current_period_start)::text as start, to_jsonb(current_period_end)::text as end
     from subscription where customer_pk = $1`,
    [pk],
  )
  return instants as Instants
}

/** The random part of the template's own ids without its last four digits: what its clones' ids keep of them. */
async function tailsOfIds(tx: Transaction, { pk }: Template): Promise<string[]> {
  const tables = ['wallet', 'subscription', '"grant"', 'invoice', 'payment']
  const rows = await tx.query<{ tail: string }>(
    tables
      .map((table) => `select substr(id::text, 20, 13) as tail from ${table} where customer_pk = $1`)
      .join(' union '),
    [pk],
  )
  return rows.map(({ tail }) => tail)
}

/** A table that was added since this was written would be missing from the clones, and nobody would notice. */
async function refuseUnknownRows(tx: Transaction, { pk, id }: Template): Promise<void> {
  const tables = await tx.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'customer_pk'`,
  )
  const known = new Set([...NOT_CLONED, ...TABLES.map(({ name }) => name)])
  for (const { name } of tables) {
    if (known.has(name)) continue
    const rows = await tx.query(`select 1 from "${name}" where customer_pk = $1 limit 1`, [pk])
    if (rows.length > 0) throw new Error(`the bench can't clone ${id}: it doesn't know the table ${name}`)
  }
}
