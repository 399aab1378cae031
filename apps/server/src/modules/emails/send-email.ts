import { realNow } from '../../platform/clock.ts'
import { oneLine } from '../../platform/escape-html.ts'
import type { Mailer, MailOutcome, OutgoingMail } from '../../platform/mailer.ts'
import { isMailAddress } from '../accounts/check-brand.ts'
import { readBrand } from '../accounts/read-brand.ts'
import { readInvoicePdf } from '../invoices/read-invoice-pdf.ts'
import { readStoredInvoice } from '../invoices/read-stored-invoice.ts'
import type { ClaimedEmail } from './claim-email.ts'
import { composeEmail, readPaidInvoice } from './compose-email.ts'
import type { EmailDeps } from './deps.ts'
import { readEmailSettings } from './read-email-settings.ts'
import { scheduleResend } from './schedule-resend.ts'

type Composed = NonNullable<ClaimedEmail['composed']>

/** Composes a claimed mail, keeps it, and hands it over once. Writes down what came of it. */
export async function sendEmail(deps: EmailDeps, email: ClaimedEmail): Promise<void> {
  const address = email.composed?.recipient ?? email.customer.email
  if (address === null || !isMailAddress(address))
    return end(deps, email, 'SKIPPED', 'there is no address to send it to')
  const { mailer } = deps
  if (!mailer && email.project.mode === 'LIVE') return end(deps, email, 'SKIPPED', 'there is no mail server')
  const composed = email.composed ?? (await compose(deps, email, address).catch((error: Error) => error))
  // Nothing was handed over yet, and the same facts give the same error: only a repair of the program helps.
  if (composed instanceof Error) {
    deps.log.error({ err: composed, email: email.id }, 'a mail could not be composed')
    return end(deps, email, 'FAILED', composed.message)
  }
  if (!mailer) return end(deps, email, 'KEPT')
  await write(deps, email, await handOver(deps, mailer, email, composed))
}

async function compose(deps: EmailDeps, email: ClaimedEmail, recipient: string): Promise<Composed> {
  const { subject, html, text } = await composeEmail(deps, email)
  await deps.database.query(`update email set recipient = $2, subject = $3, html = $4, text = $5 where id = $1`, [
    email.id,
    recipient,
    subject,
    html,
    text,
  ])
  return { recipient, subject, html, text }
}

async function handOver(
  deps: EmailDeps,
  mailer: Mailer,
  email: ClaimedEmail,
  { recipient, subject, html, text }: Composed,
): Promise<MailOutcome> {
  try {
    const brand = await readBrand(deps.database, email.project)
    const settings = await readEmailSettings(deps.database, email.project)
    const attachments = await attach(deps, email)
    return await mailer.send({
      id: email.id,
      to: { name: email.customer.name && oneLine(email.customer.name, 80), address: recipient },
      fromName: oneLine(brand.name, 80),
      replyTo: settings.replyTo ?? brand.supportEmail,
      subject,
      html,
      text,
      attachments,
    })
  } catch (error) {
    return { kind: 'failed', error: (error as Error).message }
  }
}

/** The invoice of a receipt, as a PDF. */
async function attach(deps: EmailDeps, { kind, data, project }: ClaimedEmail): Promise<OutgoingMail['attachments']> {
  const paid = kind === 'RECEIPT' ? await readPaidInvoice(deps, data) : null
  if (!paid) return []
  const stored = await readStoredInvoice(deps.database, paid.invoiceId)
  const { number, pdf } = await readInvoicePdf(deps.database, deps.publicUrl, project, stored)
  return [{ filename: `${number}.pdf`, content: pdf, contentType: 'application/pdf' }]
}

async function write(deps: EmailDeps, email: ClaimedEmail, outcome: MailOutcome): Promise<void> {
  switch (outcome.kind) {
    case 'sent':
      return end(deps, email, 'SENT')
    case 'unknown':
      return end(deps, email, 'UNKNOWN', outcome.error)
    case 'refused':
      return end(deps, email, 'FAILED', outcome.error)
    case 'failed': {
      const wait = scheduleResend(email.attempt)
      if (wait === null) return end(deps, email, 'FAILED', outcome.error)
      deps.log.warn(
        { email: email.id, attempt: email.attempt, error: outcome.error },
        'a mail was not sent; it is tried again',
      )
      await deps.database.query(
        `update email set status = 'PENDING', error = $3, next_attempt_at = $4
         where id = $1 and status = 'SENDING' and attempts = $2`,
        [email.id, email.attempt, outcome.error, new Date(realNow() + wait)],
      )
    }
  }
}

type End = 'SENT' | 'FAILED' | 'UNKNOWN' | 'KEPT' | 'SKIPPED'

async function end(
  { database, log }: EmailDeps,
  { id, attempt }: ClaimedEmail,
  status: End,
  error?: string,
): Promise<void> {
  if (status === 'FAILED' || status === 'UNKNOWN') log.warn({ email: id, attempt, error }, `a mail ended ${status}`)
  await database.query(
    `update email set status = $3::email_status, next_attempt_at = null, error = $4,
       sent_at = case when $3 = 'SENT' then $5::timestamptz end where id = $1 and status in ('SENDING', 'UNKNOWN') and attempts = $2`,
    [id, attempt, status, error ?? null, new Date(realNow())],
  )
}
