import type { Database } from '../../platform/database.ts'
import { checkStorable, invalidInput } from '../../platform/errors.ts'
import { checkMailAddress } from '../accounts/check-brand.ts'
import type { Project } from '../accounts/viewer.ts'
import { EMAIL_KINDS, type EmailKind, type EmailSettings, readEmailSettings } from './read-email-settings.ts'

/** Left out: stays. `kinds` as null: all of them; `replyTo` as null: removed. */
export interface EmailSettingsInput {
  kinds?: readonly EmailKind[] | null | undefined
  replyTo?: string | null | undefined
}

/** Says which mails customers get, and where answers go. Throws INVALID_INPUT. */
export async function setEmailSettings(
  { database }: { database: Database },
  project: Project,
  input: EmailSettingsInput,
): Promise<EmailSettings> {
  if (input.kinds && new Set(input.kinds).size < input.kinds.length) {
    throw invalidInput('kinds', 'kinds names each kind of mail once')
  }
  if (input.replyTo != null) checkMailAddress(checkStorable(input.replyTo, 'replyTo'), 'replyTo')
  return database.transaction(async (tx) => {
    await tx.query(
      `insert into email_settings (project_id, kinds) values ($1, $2::email_kind[]) on conflict do nothing`,
      [project.id, EMAIL_KINDS],
    )
    await tx.query(`select 1 from email_settings where project_id = $1 for update`, [project.id])
    const before = await readEmailSettings(tx, project)
    const kinds = input.kinds === undefined ? before.kinds : (input.kinds ?? EMAIL_KINDS)
    const replyTo = input.replyTo === undefined ? before.replyTo : input.replyTo
    await tx.query(`update email_settings set kinds = $2::email_kind[], reply_to = $3 where project_id = $1`, [
      project.id,
      kinds,
      replyTo,
    ])
    return readEmailSettings(tx, project)
  })
}
