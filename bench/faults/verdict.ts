import { auditLedger, type Breach } from '../../apps/server/src/modules/audit/audit-ledger.ts'
import type { Database } from '../../apps/server/src/platform/database.ts'
import { publicId } from '../../apps/server/src/platform/ids.ts'
import type { Entry } from './client.ts'
import { type Kind, spentOf } from './operations.ts'

/** What became of everything that was acknowledged. */
export interface Verdict {
  /** Acknowledged, and not in the database, or less than it was acknowledged. */
  readonly lost: number
  /** In the database twice, or more than it was acknowledged, or without having been asked for. */
  readonly doubled: number
  /** Balances and grants below zero. */
  readonly negative: number
  readonly breaches: readonly Breach[]
  /** The first few of what was counted, in words. */
  readonly findings: readonly string[]
}

const KINDS_OF_USAGE: readonly Kind[] = ['consume', 'recordUsage', 'captureHold']

const USAGE = `
  select c.id as "customerId", e.operation, e.key, e.status, coalesce(l.drawn, 0)::float8 as drawn,
    coalesce(l.returned, 0)::float8 as returned
  from usage_event e join customer c on c.pk = e.customer_pk
  left join (
    select customer_pk, cause_id, -sum(amount) filter (where kind = 'DRAW') as drawn,
      sum(amount) filter (where kind = 'REVERSE') as returned
    from ledger_entry where cause_type = 'usage_event' group by customer_pk, cause_id
  ) l on l.customer_pk = e.customer_pk and l.cause_id = e.key
  where c.id = any($1) and e.operation = any($2) and e.status <> 'REFUSED'`

const GRANTS = `
  select g.id from "grant" g join customer c on c.pk = g.customer_pk where c.id = any($1) and g.kind = 'PROMOTIONAL'`

const HOLDS = `
  select h.id, h.status::text from hold h join customer c on c.pk = h.customer_pk where c.id = any($1)`

const BALANCES = `
  select c.id as "customerId", coalesce(sum(g.remaining) filter (where g.entered), 0)::float8 as available
  from customer c left join "grant" g on g.customer_pk = c.pk where c.id = any($1) group by c.id`

const NEGATIVE = `
  select (select count(*) from ledger_entry where available_after < 0)
    + (select count(*) from "grant" where remaining < 0 or held < 0) as negative`

interface Count {
  lost: number
  doubled: number
  readonly findings: string[]
}

/** Compares what was answered with the database. Nothing may be under way. */
export async function judge(
  database: Database,
  entries: readonly Entry[],
  balances: ReadonlyMap<string, number>,
): Promise<Verdict> {
  const customers = [...balances.keys()]
  const count: Count = { lost: 0, doubled: 0, findings: [] }
  judgeUsage(count, entries, await database.query<UsageRow>(USAGE, [customers, KINDS_OF_USAGE]))
  const grants = await database.query<{ id: string }>(GRANTS, [customers])
  compareIds(count, 'grant', answeredIds(entries, 'grantCredits'), new Set(grants.map(({ id }) => publicId('gr', id))))
  const holds = new Map(
    (await database.query<HoldRow>(HOLDS, [customers])).map(({ id, status }) => [publicId('hold', id), status]),
  )
  compareIds(count, 'hold', answeredIds(entries, 'createHold'), new Set(holds.keys()))
  judgeSettlements(count, entries, holds)
  const off = judgeBalances(entries, balances, await database.query<BalanceRow>(BALANCES, [customers]))
  const [row] = await database.query<{ negative: number }>(NEGATIVE)
  const breaches = [...(await auditLedger(database)), ...off]
  return { ...count, negative: row?.negative ?? 0, breaches }
}

interface HoldRow {
  readonly id: string
  readonly status: string
}

interface UsageRow {
  readonly customerId: string
  readonly operation: string
  readonly key: string
  readonly status: string
  readonly drawn: number
  readonly returned: number
}

interface Expected {
  readonly credits: number
  voided: boolean
}

function judgeUsage(count: Count, entries: readonly Entry[], rows: readonly UsageRow[]): void {
  const expected = expectedUsage(entries)
  for (const { customerId, operation, key, drawn, returned } of rows) {
    const name = `${customerId} ${operation} ${key}`
    const usage = expected.get(name)
    expected.delete(name)
    if (!usage) note(count, 'doubled', `${name} was recorded, and nobody was told`)
    else {
      compare(count, `${name} drew`, usage.credits, drawn)
      compare(count, `${name} gave back`, usage.voided ? usage.credits : 0, returned)
    }
  }
  for (const name of expected.keys()) note(count, 'lost', `${name} was acknowledged and is not there`)
}

/** By customer, operation and key: the usage that was acknowledged. */
function expectedUsage(entries: readonly Entry[]): Map<string, Expected> {
  const expected = new Map<string, Expected>()
  for (const { operation, answer } of entries) {
    const { kind, customerId, key } = operation
    if (!answer || answer.fault) continue
    const { usage, results } = answer.data
    for (const { idempotencyKey, status, credits } of results ?? []) {
      if (status === 'REJECTED') continue
      expected.set(`${customerId} ${kind} ${idempotencyKey}`, { credits: Number(credits), voided: false })
    }
    if (usage) expected.set(`${customerId} ${kind} ${key}`, { credits: Number(usage.credits), voided: false })
    const voided = kind === 'voidUsage' && expected.get(`${customerId} consume ${key}`)
    if (voided) voided.voided = true
  }
  return expected
}

function answeredIds(entries: readonly Entry[], kind: Kind): Set<string> {
  const ids = entries.flatMap(({ operation, answer }) => {
    const id = kind === 'createHold' ? answer?.data.hold?.id : answer?.data.id
    return operation.kind === kind && id ? [id] : []
  })
  return new Set(ids)
}

function compareIds(count: Count, what: string, answered: ReadonlySet<string>, found: ReadonlySet<string>): void {
  for (const id of answered) if (!found.has(id)) note(count, 'lost', `${what} ${id} was acknowledged and is not there`)
  for (const id of found) if (!answered.has(id)) note(count, 'doubled', `${what} ${id} is there, and nobody was told`)
}

function judgeSettlements(count: Count, entries: readonly Entry[], holds: ReadonlyMap<string, string>): void {
  for (const { operation, answer } of entries) {
    if (!answer || answer.fault) continue
    const { kind, key } = operation
    // A release is answered with what became of the hold: its time may have been over before.
    const settled = kind === 'captureHold' ? 'CAPTURED' : kind === 'releaseHold' ? answer.data.status : null
    const status = holds.get(key)
    if (settled && status !== settled) note(count, 'lost', `hold ${key} was ${settled} and is ${status ?? 'gone'}`)
  }
}

interface BalanceRow {
  readonly customerId: string
  readonly available: number
}

/** The sum of all that was answered is the balance: whatever was lost or doubled anywhere shows here too. */
function judgeBalances(
  entries: readonly Entry[],
  balances: ReadonlyMap<string, number>,
  rows: readonly BalanceRow[],
): Breach[] {
  const expected = new Map(balances)
  for (const { operation, answer } of entries) {
    if (!answer) continue
    const { customerId, kind } = operation
    expected.set(customerId, (expected.get(customerId) ?? 0) - spentOf(kind, answer))
  }
  return rows
    .filter(({ customerId, available }) => expected.get(customerId) !== available)
    .map((row) => ({
      rule: 'a balance is what the answers add up to',
      remedy:
        'Compare the answers of this customer with the ledger: what is there twice, or not at all, made the difference.',
      row: { ...row, answered: expected.get(row.customerId) },
    }))
}

function compare(count: Count, what: string, answered: number, found: number): void {
  if (found < answered) note(count, 'lost', `${what} ${found}, and was answered ${answered}`)
  if (found > answered) note(count, 'doubled', `${what} ${found}, and was answered ${answered}`)
}

const MOST_FINDINGS = 20

function note(count: Count, as: 'lost' | 'doubled', finding: string): void {
  count[as]++
  if (count.findings.length < MOST_FINDINGS) count.findings.push(`${as}: ${finding}`)
}
