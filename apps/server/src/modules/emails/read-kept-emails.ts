import type { Transaction } from '../../platform/database.ts'
import type { EmailKind } from './read-email-settings.ts'

/** A mail that was not sent, because there is no mail server. */
export interface KeptEmail {
  readonly id: string
  readonly kind: EmailKind
  readonly recipient: string
  readonly subject: string
  /** In the project's time. */
  readonly occurredAt: number
}

const MOST = 100
const COLUMNS = `id, kind::text, recipient, subject, occurred_at as "occurredAt"`

/** The newest of a project, newest first. */
export async function readKeptEmails(tx: Pick<Transaction, 'query'>, projectId: string): Promise<KeptEmail[]> {
  return tx.query<KeptEmail>(
    `select ${COLUMNS} from email where project_id = $1 and status = 'KEPT' order by id desc limit ${MOST}`,
    [projectId],
  )
}

export async function readKeptEmail(
  tx: Pick<Transaction, 'query'>,
  projectId: string,
  id: string,
): Promise<(KeptEmail & { readonly html: string; readonly text: string }) | null> {
  const [email] = await tx.query<KeptEmail & { html: string; text: string }>(
    `select ${COLUMNS}, html, text from email where project_id = $1 and id = $2 and status = 'KEPT'`,
    [projectId, id],
  )
  return email ?? null
}
