import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'

export const EMAIL_KINDS = ['RECEIPT', 'PAYMENT_FAILED', 'LOW_BALANCE', 'TRIAL_ENDING'] as const
export type EmailKind = (typeof EMAIL_KINDS)[number]

/** Which mails a project sends to its customers. */
export interface EmailSettings {
  readonly kinds: readonly EmailKind[]
  /** Where answers go; null: to the brand's support, if it has an address. */
  readonly replyTo: string | null
}

export async function readEmailSettings(
  tx: Pick<Transaction, 'query'>,
  { id }: Pick<Project, 'id'>,
): Promise<EmailSettings> {
  const [row] = await tx.query<EmailSettings>(
    `select kinds::text[], reply_to as "replyTo" from email_settings where project_id = $1`,
    [id],
  )
  return row ?? { kinds: EMAIL_KINDS, replyTo: null }
}
