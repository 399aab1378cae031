import { realNow } from '../../platform/clock.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import type { EmailDeps } from './deps.ts'
import type { EmailKind } from './read-email-settings.ts'

/** A mail that is being sent by this process, and what it needs. */
export interface ClaimedEmail {
  readonly id: string
  readonly project: Project
  readonly customerPk: number
  readonly kind: EmailKind
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** In the project's time, epoch milliseconds. */
  readonly occurredAt: number
  /** Of this one, from 1. */
  readonly attempt: number
  readonly customer: { readonly name: string | null; readonly email: string | null; readonly timezone: string }
  /** As it was composed for an earlier attempt. */
  readonly composed: {
    readonly recipient: string
    readonly subject: string
    readonly html: string
    readonly text: string
  } | null
}

/** Longer than the longest attempt: a claim that is older was a process's that died. */
const LEASE_MS = 180_000

interface Row extends ProjectRow {
  emailId: string
  customerPk: number
  kind: EmailKind
  type: string
  data: Record<string, unknown>
  occurredAt: number
  attempt: number
  customerName: string | null
  customerEmail: string | null
  timezone: string
  recipient: string | null
  subject: string | null
  html: string | null
  text: string | null
}

/** Claims the mail that is due first; null: none is. Workers pass over each other's claims. */
export async function claimEmail({ database }: Pick<EmailDeps, 'database'>): Promise<ClaimedEmail | null> {
  const now = realNow()
  const [row] = await database.query<Row>(
    `with due as (
       select id from email where status = 'PENDING' and next_attempt_at <= $1
       order by next_attempt_at, id limit 1 for update skip locked),
     claimed as (
       update email e set status = 'SENDING', attempts = e.attempts + 1, next_attempt_at = $2 from due
       where e.id = due.id returning e.*)
     select e.id as "emailId", e.customer_pk as "customerPk", e.kind::text, e.type, e.data, e.occurred_at as "occurredAt",
       e.attempts as attempt, e.recipient, e.subject, e.html, e.text, c.name as "customerName", c.email as "customerEmail",
       c.timezone, ${PROJECT_COLUMNS}
     from claimed e join customer c on c.pk = e.customer_pk join project p on p.id = e.project_id`,
    [new Date(now), new Date(now + LEASE_MS)],
  )
  return row ? claimedOf(row) : null
}

function claimedOf(row: Row): ClaimedEmail {
  const { emailId: id, customerPk, kind, type, data, occurredAt, attempt, recipient, subject, html, text } = row
  const isComposed = recipient !== null && subject !== null && html !== null && text !== null
  return {
    id,
    project: toProject(row),
    customerPk,
    kind,
    type,
    data,
    occurredAt,
    attempt,
    customer: { name: row.customerName, email: row.customerEmail, timezone: row.timezone },
    composed: isComposed ? { recipient, subject, html, text } : null,
  }
}

/**
 * Gives up mails whose sender died in the middle: they may have been sent, and nobody gets one twice. One that was not even
 * composed was not.
 */
export async function giveUpLostEmails({ database }: Pick<EmailDeps, 'database'>): Promise<void> {
  await database.query(
    `update email set status = case when text is null then 'PENDING' else 'UNKNOWN' end::email_status,
       next_attempt_at = case when text is null then $1 end, error = 'its sender ended in the middle of it'
     where status = 'SENDING' and next_attempt_at <= $1`,
    [new Date(realNow())],
  )
}
