import type { App } from '../app.ts'
import { findSandbox } from '../modules/accounts/create-project.ts'
import { linkEmails } from '../modules/emails/email-preview-route.ts'

/** Where the mails of the sandbox are shown, while there is no mail server. */
export async function emailPreviewUrl({ mailer, database, publicUrl }: App): Promise<string | null> {
  const sandbox = mailer ? null : await findSandbox(database)
  return sandbox && linkEmails(publicUrl, sandbox)
}

/** Says once what an operator should know before a customer asks. */
export async function warnOfMissingMailServer({ mailer, database, log }: App): Promise<void> {
  if (mailer) return
  const live = await database.query(`select 1 from project where mode = 'LIVE' limit 1`)
  if (live.length > 0) {
    log.warn(
      'SMTP_URL is missing, so customers of live projects get no e-mails: set it and FLORIN_EMAIL_FROM, and restart',
    )
  }
}
