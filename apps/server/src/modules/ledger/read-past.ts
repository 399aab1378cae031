import { amountOf, type Credits, formatAmount, type Grant, type Later, rewind, subtract, sum, ZERO } from '@florin/core'
import { arrayOf, type Transaction } from '../../platform/database.ts'
import { GRANT_COLUMNS, type GrantRow, toGrant } from './load-accounts.ts'

/** A moment of a customer's past: all that had taken effect by an instant, or all that had happened by a version. */
export interface Moment {
  /** In the project's time. */
  readonly at: number
  readonly version: number | null
}

/** Whose past, and of what. */
export interface Subject {
  readonly customerPk: number
  readonly creditType: number
}

// Clocks of the machines that decide and of the one that writes may differ by as much.
const CLOCKS_DIFFER_MS = 60_000

/** The real time before which nothing was written that takes effect after the instant: a project's clock never goes back. */
const WRITTEN_BY = `(select $2::timestamptz - (p.clock_offset_ms + ${CLOCKS_DIFFER_MS}) * interval '1 millisecond'
  from customer c join project p on p.id = c.project_id where c.pk = $1)`

/** Entries that change what a grant brought, beside what remains of it. */
export const SIZES_GRANT = `(kind = 'GRANT' or (kind = 'ROLLOVER' and amount > 0)
  or (kind = 'VOID' and (cause_type = 'subscription' or coalesce(cause ? 'settles', false)))
  or (kind in ('VOID', 'REVERSE') and cause_type = 'payment'))`

/**
 * Where to begin to read what was written since a moment: an entry before which everything had taken effect. A customer may
 * have millions of entries and an index on their instants would slow every draw down. But an entry takes effect before it is
 * written, whatever wrote it, and a customer's entries stand in the order of their writing and of their versions: halving
 * finds the place.
 */
async function firstSince(tx: Transaction, { customerPk }: Subject, { at, version }: Moment): Promise<number> {
  const [column, bound] = version === null ? ['created_at', WRITTEN_BY] : ['version', '$2::bigint']
  const [found] = await tx.query<{ first: number }>(
    `with recursive moment as materialized (select ${bound} as bound),
     halved(low, high) as (
       select 0::bigint, (select coalesce(max(pk), 0) + 1 from ledger_entry where customer_pk = $1)
       union all
       select case when e.${column} <= m.bound then e.pk + 1 else h.low end,
         case when e.${column} <= m.bound then h.high else (h.low + h.high) / 2 end
       from halved h cross join moment m
       left join lateral (select pk, ${column} from ledger_entry where customer_pk = $1 and pk >= (h.low + h.high) / 2
         order by pk limit 1) e on true
       where h.low < h.high)
     select max(low) as first from halved`,
    [customerPk, version ?? new Date(at)],
  )
  return found?.first ?? 0
}

/** What was written since a moment and took effect later: what it did to each grant, summed. */
export interface Since {
  readonly subject: Subject
  readonly later: ReadonlyMap<string, Later>
  /** To the balance. */
  readonly moved: Credits
}

interface LaterRow {
  grant_id: string | null
  moved: string
  sized: string
  kept: string
}

/** Sums what came after a moment, in one pass from where it is in the ledger. */
export async function readSince(tx: Transaction, subject: Subject, moment: Moment): Promise<Since> {
  const { at, version } = moment
  const first = await firstSince(tx, subject, moment)
  const rows = await tx.query<LaterRow>(
    `select grant_id, sum(amount) as moved, coalesce(sum(amount) filter (where ${SIZES_GRANT}), 0) as sized,
       coalesce(sum(amount) filter (where kind in ('HOLD', 'RELEASE')), 0) as kept
     from ledger_entry where customer_pk = $1 and credit_type_pk = $2 and pk >= $3
       and ${version === null ? 'effective_at' : 'version'} > $4
     group by grant_id`,
    [subject.customerPk, subject.creditType, first, version ?? new Date(at)],
  )
  const later = new Map<string, Later>(
    rows.flatMap(({ grant_id, moved, sized, kept }) =>
      grant_id
        ? [[grant_id, { remaining: amountOf(moved), amount: amountOf(sized), kept: amountOf(kept) }] as const]
        : [],
    ),
  )
  return { subject, later, moved: sum(rows.map(({ moved }) => amountOf<'credits'>(moved))) }
}

const NOTHING: Later = { remaining: ZERO, amount: ZERO, kept: ZERO }

const asItWas = ({ later }: Since, row: GrantRow): Grant => rewind(toGrant(row), later.get(row.id) ?? NOTHING)

/** The balance at the moment: the newest one, without what came later. */
export async function readPastBalance(tx: Transaction, { subject, moved }: Since): Promise<Credits> {
  const [newest] = await tx.query<{ balance: string }>(
    `select available_after as balance from ledger_entry where customer_pk = $1 and credit_type_pk = $2
     order by pk desc limit 1`,
    [subject.customerPk, subject.creditType],
  )
  return subtract(amountOf<'credits'>(newest?.balance ?? '0'), moved)
}

/** Grants that had entered by the moment and of which something was left or held, in no order. */
export async function readPastGrants(tx: Transaction, since: Since): Promise<Grant[]> {
  // What is closed by now was drawn from since, or ended.
  const rows = await tx.query<GrantRow>(
    `select ${GRANT_COLUMNS} from "grant" where customer_pk = $1 and credit_type_pk = $2 and closed_at is null
     union select ${GRANT_COLUMNS} from "grant" where id = any($3::uuid[])`,
    [since.subject.customerPk, since.subject.creditType, arrayOf([...since.later.keys()])],
  )
  return rows.map((row) => asItWas(since, row)).filter(({ entered, closed }) => entered && !closed)
}

/** Grants that had entered by the moment and were finished by then, newest first. */
export async function readFinishedGrants(
  tx: Transaction,
  since: Since,
  { take, before }: { readonly take: number; readonly before: string | null },
): Promise<Grant[]> {
  const { customerPk, creditType } = since.subject
  const later = [...since.later]
  const column = (field: keyof Later) => arrayOf(later.map(([, moves]) => formatAmount(moves[field])))
  const rows = await tx.query<GrantRow>(
    `select ${GRANT_COLUMNS} from "grant"
     left join unnest($3::uuid[], $4::numeric[], $5::numeric[], $6::numeric[]) as later(grant_id, moved, sized, kept)
       on grant_id = id
     where customer_pk = $1 and credit_type_pk = $2 and entered and amount > coalesce(sized, 0)
       and remaining = coalesce(moved, 0) and held + coalesce(frozen, 0) + coalesce(kept, 0) = 0
       and ($7::uuid is null or id < $7)
     order by id desc limit $8`,
    [
      customerPk,
      creditType,
      arrayOf(later.map(([id]) => id)),
      column('remaining'),
      column('amount'),
      column('kept'),
      before,
      take,
    ],
  )
  return rows.map((row) => asItWas(since, row))
}

/** What is owed now for credits that were spent, and then refunded. */
export async function readDebt(tx: Transaction, { customerPk, creditType }: Subject): Promise<Credits> {
  const [row] = await tx.query<{ owed: string }>(
    `select coalesce(sum(owed), 0) as owed from "grant" where customer_pk = $1 and credit_type_pk = $2 and closed_at is null`,
    [customerPk, creditType],
  )
  return amountOf(row?.owed ?? '0')
}
