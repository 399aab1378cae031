import { amountOf, type Commitment, type Credits, formatAmount, formatMoney, progressOf, type Rate } from '@florin/core'
import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import type { GrantState } from '../ledger/grant-state.ts'

export type CommitmentStatus = 'UPCOMING' | 'ACTIVE' | 'ENDED' | 'CANCELED'

/** A commitment as stored. Instants are epoch milliseconds; amounts are credits, or money in minor units, as text. */
export interface StoredCommitment {
  readonly id: string
  readonly customerPk: number
  readonly name: string
  readonly kind: Commitment['kind']
  readonly currency: string
  readonly committed: string
  readonly creditTypePk: number | null
  readonly grantId: string | null
  readonly unitPrice: string | null
  readonly startsAt: number
  readonly endsAt: number
  readonly canceledAt: number | null
  readonly settledAt: number | null
  readonly invoiceId: string | null
  /** The invoice, while it is not paid. */
  readonly openInvoiceId: string | null
  readonly firstDeclinedAt: number | null
  readonly attempts: number
  /** Its end, or the next attempt to collect; null: nothing happens by itself any more. */
  readonly dueAt: number | null
  /** As settled; before, as of now or its end, whichever comes first. */
  readonly drawn: string
  readonly shortfall: string | null
  /** Of credits: what an operator took back. */
  readonly takenBack: string
}

/** A commitment as the API shows it. Credits, or money with the currency's decimals, as text. */
export interface CommitmentView {
  readonly id: string
  readonly name: string
  readonly kind: Commitment['kind']
  readonly creditTypePk: number | null
  readonly currency: string
  readonly unitPrice: string | null
  readonly committed: string
  readonly drawn: string
  readonly shortfall: string
  readonly pace: string
  readonly status: CommitmentStatus
  readonly startsAt: number
  readonly endsAt: number
  readonly grantId: string | null
  readonly invoiceId: string | null
  /** The grant, where it was read with the commitment. */
  readonly grant?: GrantState
}

// What was drawn of a grant is what has not left it in another way: its draws are many, and nobody adds them up. Whatever
// happens to it after its end, when holds let go, leaves it as it stood then. A minimum spend counts what was invoiced at
// the card's prices: with a tax that is in them, without one that comes on top; settlements of commitments are no spend.
const COMMITMENTS = `
  select m.id, m.customer_pk as "customerPk", m.name, m.kind::text, m.currency, m.committed, m.credit_type_pk as "creditTypePk",
    m.grant_id as "grantId", m.unit_price as "unitPrice", m.starts_at as "startsAt", m.ends_at as "endsAt",
    m.canceled_at as "canceledAt", m.settled_at as "settledAt", m.invoice_id as "invoiceId", i.id as "openInvoiceId",
    m.first_declined_at as "firstDeclinedAt", m.attempts, m.due_at as "dueAt", m.shortfall,
    coalesce(m.drawn, m.committed - g.remaining - g.held - e.unused - e.voided, s.invoiced, 0) as drawn,
    coalesce(e.voided, 0) as "takenBack"
  from commitment m
  left join invoice i on i.id = m.invoice_id and i.status = 'OPEN'
  left join "grant" g on g.id = m.grant_id and m.settled_at is null
  left join lateral (
    select case when not g.entered and g.ended = 'VOID' then g.amount
        else coalesce(-sum(amount) filter (where kind = 'VOID' and effective_at < m.ends_at), 0) end as voided,
      coalesce(-sum(amount) filter (where kind = 'EXPIRE' and cause_type = 'time' and effective_at = m.ends_at), 0)
        + coalesce(sum(amount) filter (where kind = 'RELEASE' and effective_at >= m.ends_at), 0) as unused
    from ledger_entry where grant_id = g.id and kind in ('EXPIRE', 'VOID', 'RELEASE')) e on g.id is not null
  left join lateral (
    select sum(case when b.tax->>'mode' = 'EXCLUSIVE' then b.total_minor - b.tax_minor - coalesce(n.net, 0)
      else b.total_minor - coalesce(n.gross, 0) end) as invoiced
    from invoice b
    left join lateral (
      select sum(amount_minor) as gross, sum(amount_minor - tax_minor) as net
      from credit_note where invoice_id = b.id and issued_at < m.ends_at) n on true
    where m.kind = 'MONEY' and m.settled_at is null
      and b.customer_pk = m.customer_pk and b.currency = m.currency and b.status not in ('DRAFT', 'VOID')
      and b.issued_at >= m.starts_at and b.issued_at < m.ends_at
      and not exists (select 1 from commitment x where x.invoice_id = b.id)) s on true`

const LIVE: Statement = {
  name: 'commitments-live',
  text: `${COMMITMENTS} where m.customer_pk = any($1::bigint[]) and (m.settled_at is null or i.id is not null)
         order by m.ends_at, m.id`,
}

/** A customer's commitments, newest first. */
export async function readCommitments(
  tx: Pick<Transaction, 'query'>,
  query: { customerPk: number; take: number; before: string | null },
): Promise<StoredCommitment[]> {
  return tx.query<StoredCommitment>(
    `${COMMITMENTS} where m.customer_pk = $1 and ($2::uuid is null or m.id < $2) order by m.id desc limit $3`,
    [query.customerPk, query.before, query.take],
  )
}

/** One commitment, as it stands in the caller's transaction. */
export async function readCommitment(tx: Pick<Transaction, 'query'>, id: string): Promise<StoredCommitment> {
  const [commitment] = await tx.query<StoredCommitment>(`${COMMITMENTS} where m.id = $1`, [id])
  if (!commitment) throw new Error(`commitment ${id} is missing`)
  return commitment
}

/** By customer: the commitments that are not settled, or whose invoice is not paid; those that end first come first. */
export async function readLiveCommitments(
  tx: Pick<Transaction, 'query'>,
  customerPks: readonly number[],
): Promise<Map<number, StoredCommitment[]>> {
  const byCustomer = new Map<number, StoredCommitment[]>()
  for (const commitment of await tx.query<StoredCommitment>(LIVE, [arrayOf(customerPks)])) {
    byCustomer.set(commitment.customerPk, [...(byCustomer.get(commitment.customerPk) ?? []), commitment])
  }
  return byCustomer
}

/** What core decides on. */
export function termsOf({ kind, name, currency, ...stored }: StoredCommitment): Commitment {
  const { committed, drawn, takenBack, unitPrice } = stored
  const money = (minor: string) => ({ minor: BigInt(minor), currency })
  if (kind === 'MONEY') return { kind, name, committed: money(committed), invoiced: money(drawn) }
  return {
    kind,
    name,
    currency,
    committed: amountOf<'credits'>(committed),
    drawn: amountOf<'credits'>(drawn),
    takenBack: amountOf<'credits'>(takenBack),
    unitPrice: amountOf(unitPrice as string) as Rate,
  }
}

function statusAt({ startsAt, endsAt, canceledAt }: StoredCommitment, at: number): CommitmentStatus {
  if (canceledAt !== null) return 'CANCELED'
  if (at < startsAt) return 'UPCOMING'
  return at < endsAt ? 'ACTIVE' : 'ENDED'
}

/** The commitment as it stands at an instant. */
export function commitmentView(commitment: StoredCommitment, at: number): CommitmentView {
  const { id, name, kind, creditTypePk, currency, startsAt, endsAt, grantId, invoiceId } = commitment
  const { drawn, left, pace } = progressOf(termsOf(commitment), { start: startsAt, end: endsAt }, at)
  const show = (amount: bigint) =>
    kind === 'CREDITS' ? formatAmount(amount) : formatMoney({ minor: amount, currency })
  const read = (stored: string) => (kind === 'CREDITS' ? (amountOf(stored) as Credits as bigint) : BigInt(stored))
  return {
    id,
    name,
    kind,
    creditTypePk,
    currency,
    unitPrice: commitment.unitPrice === null ? null : formatAmount(amountOf(commitment.unitPrice)),
    committed: show(read(commitment.committed)),
    drawn: show(drawn),
    shortfall: show(commitment.shortfall === null ? left : read(commitment.shortfall)),
    pace: show(pace),
    status: statusAt(commitment, at),
    startsAt,
    endsAt,
    grantId,
    invoiceId,
  }
}
