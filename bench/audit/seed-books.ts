import type { Database, Transaction } from '../../apps/server/src/platform/database.ts'

/** Books of so many customers, of whom each has drawn so often. */
export interface Size {
  readonly customers: number
  readonly draws: number
}

const GRANTS = 4
/** What the grants bring together, for each draw: some of it is left in the end. */
const GENEROSITY = 1.2

/**
 * Writes what the API would have written for customers who bought and were given credits and used most of them, a
 * second after the other, so that the entries of one customer stand between those of all the others. Each use costs one
 * credit.
 */
export async function seedBooks(database: Database, { customers, draws }: Size): Promise<void> {
  const size = Math.ceil((draws * GENEROSITY) / GRANTS)
  await database.transaction(async (tx) => {
    // The rows are as good as those of the API: the audit is what looks at them.
    await tx.query(`set local session_replication_role = replica`)
    await writeCatalogue(tx)
    await tx.query(
      `create temp table buyer on commit drop as
       select n, nextval('customer_pk_seq') as pk, gen_random_uuid() as wallet from generate_series(1, $1::int) n`,
      [customers],
    )
    await tx.query(
      `create temp table given on commit drop as
       select b.pk, b.wallet, k, gen_random_uuid() as id, gen_random_uuid() as payment, gen_random_uuid() as invoice,
         greatest(least($1::int * k - $2::int, $1), 0) as remaining,
         now() - interval '90 days' + k * interval '1 second' as at
       from buyer b, generate_series(1, $3::int) k`,
      [size, draws, GRANTS],
    )
    await writeCustomers(tx, draws)
    await writeGrants(tx, size)
    await writePayments(tx)
    await writeUsage(tx, size, draws)
  })
  await database.query('vacuum analyze')
}

async function writeCatalogue(tx: Transaction): Promise<void> {
  await tx.query(
    `insert into project (id, name, mode, token_secret) values (gen_random_uuid(), 'Books', 'SANDBOX', 'secret')`,
  )
  await tx.query(`insert into credit_type (project_id, code, name) select id, 'credits', 'Credits' from project`)
  await tx.query(
    `insert into meter (project_id, code, name, event_name, aggregation) select id, 'reply', 'Reply', 'reply', 'COUNT' from project`,
  )
}

async function writeCustomers(tx: Transaction, draws: number): Promise<void> {
  await tx.query(`insert into customer (pk, project_id, id) select b.pk, p.id, 'c-' || n from buyer b, project p`)
  await tx.query(`insert into customer_ledger (customer_pk, version) select pk, $1::int from buyer`, [draws + GRANTS])
  await tx.query(
    `insert into wallet (id, customer_pk, credit_type_pk, name) select b.wallet, b.pk, t.pk, 'default' from buyer b, credit_type t`,
  )
  await tx.query(
    `insert into meter_period (customer_pk, meter_pk, period_start, quantity, credits, overage, uncovered)
     select b.pk, m.pk, date_trunc('day', now()), $1::int, $1::int, 0, 0 from buyer b, meter m`,
    [draws],
  )
}

/** The last of a customer's grants was bought. */
async function writeGrants(tx: Transaction, size: number): Promise<void> {
  await tx.query(
    `insert into "grant" (id, customer_pk, credit_type_pk, wallet_id, wallet_priority, kind, amount, remaining,
       effective_at, entered, applies_to, payment_id, closed_at)
     select v.id, v.pk, t.pk, v.wallet, 100, (case when k = ${GRANTS} then 'PREPAID' else 'PROMOTIONAL' end)::grant_kind, $1::int,
       remaining, at, true, '{}', case when k = ${GRANTS} then payment end, case when remaining = 0 then now() end
     from given v, credit_type t`,
    [size],
  )
  await tx.query(
    `insert into ledger_entry (customer_pk, credit_type_pk, grant_id, kind, amount, available_after, version, effective_at,
       created_at, cause_type, cause_id)
     select v.pk, t.pk, v.id, 'GRANT', $1::int, $1::int * k, k, at, at, 'grant', v.id::text from given v, credit_type t order by k, v.pk`,
    [size],
  )
}

async function writePayments(tx: Transaction): Promise<void> {
  const bought = `given v, project p where k = ${GRANTS}`
  await tx.query(
    `insert into payment (id, project_id, customer_pk, status, amount_minor, currency, purpose, purpose_hash, description, outcome)
     select payment, p.id, v.pk, 'SUCCEEDED', 1000, 'USD', '{ "kind": "bundle" }', '', 'A bundle',
       jsonb_build_object('invoiceId', invoice, 'grantId', v.id) from ${bought}`,
  )
  await tx.query(
    `insert into invoice (id, project_id, customer_pk, number, status, currency, total_minor, amount_due_minor, paid_minor)
     select invoice, p.id, v.pk, 'INV-' || lpad((row_number() over ())::text, 6, '0'), 'PAID', 'USD', 1000, 0, 1000 from ${bought}`,
  )
  await tx.query(
    `insert into invoice_line (invoice_id, position, description, quantity, amount_minor)
     select invoice, 0, 'A bundle', 1, 1000 from given where k = ${GRANTS}`,
  )
}

async function writeUsage(tx: Transaction, size: number, draws: number): Promise<void> {
  const used = `buyer b cross join generate_series(1, $2::int) j cross join lateral (
    select now() - interval '80 days' + j * interval '1 minute' as at, $1::int * ${GRANTS} - j as available, j + ${GRANTS} as version) s`
  await tx.query(
    `insert into ledger_entry (customer_pk, credit_type_pk, grant_id, kind, amount, available_after, version, effective_at,
       created_at, cause_type, cause_id, cause)
     select b.pk, t.pk, v.id, 'DRAW', -1, available, version, s.at, s.at, 'usage_event', 'k-' || j, '{ "meter": "reply", "quantity": "1" }'
     from credit_type t cross join ${used} join given v on v.pk = b.pk and v.k = (j + $1 - 1) / $1 order by j, b.pk`,
    [size, draws],
  )
  await tx.query(
    `insert into usage_event (customer_pk, operation, key, input_hash, event_name, timestamp, status, result)
     select b.pk, 'consume', 'k-' || j, '', 'reply', s.at, 'RECORDED', jsonb_build_object('version', version, 'draws',
       jsonb_build_array(jsonb_build_object('meter', 'reply', 'creditType', 'credits', 'quantity', '1', 'credits', '1',
         'overage', '0', 'uncovered', '0', 'available', available::text,
         'periodStart', (extract(epoch from date_trunc('day', now())) * 1000)::bigint)))
     from ${used} order by j, b.pk`,
    [size, draws],
  )
}
