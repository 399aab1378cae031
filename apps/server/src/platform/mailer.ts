import { createTransport } from 'nodemailer'

/** A mail server, and the address that mails come from. */
export interface MailOptions {
  readonly host: string
  readonly port: number
  /** TLS from the first byte; else as soon as the server offers it. */
  readonly secure: boolean
  readonly user: string | null
  readonly password: string | null
  readonly from: string
}

export interface OutgoingMail {
  /** Names the mail for good: whoever gets it twice can tell. */
  readonly id: string
  readonly to: { readonly name: string | null; readonly address: string }
  readonly fromName: string
  readonly replyTo: string | null
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly attachments: readonly { readonly filename: string; readonly content: Buffer; readonly contentType: string }[]
}

/**
 * How handing a mail over ended. `refused`: for good. `failed`: nothing was handed over, and it may be tried again. `unknown`: the
 * server had all of it and did not answer.
 */
export type MailOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused' | 'failed' | 'unknown'; readonly error: string }

export interface Mailer {
  send(mail: OutgoingMail): Promise<MailOutcome>
}

const CONNECT_MS = 10_000
/** Of silence in the middle. */
const SILENCE_MS = 30_000

/** Hands mails to a server by SMTP, each on a connection of its own. */
export function createMailer({ host, port, secure, user, password, from }: MailOptions): Mailer {
  const domain = from.slice(from.indexOf('@') + 1)
  return {
    send: async (mail) => {
      let handedOver = false
      const transport = createTransport({
        host,
        port,
        secure,
        ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
        connectionTimeout: CONNECT_MS,
        greetingTimeout: CONNECT_MS,
        socketTimeout: SILENCE_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
        // The only place where the library says that the whole message was written.
        logger: listener((step) => {
          handedOver ||= step === 'message'
        }),
      })
      try {
        await transport.sendMail({
          messageId: `<${mail.id}@${domain}>`,
          from: { name: mail.fromName, address: from },
          to: { name: mail.to.name ?? '', address: mail.to.address },
          ...(mail.replyTo ? { replyTo: mail.replyTo } : {}),
          subject: mail.subject,
          html: mail.html,
          text: mail.text,
          attachments: [...mail.attachments],
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        })
        return { kind: 'sent' }
      } catch (error) {
        return outcomeOf(error as Failure, handedOver)
      } finally {
        transport.close()
      }
    },
  }
}

type Failure = Error & { readonly code?: string; readonly responseCode?: number }

const KEPT_CHARACTERS = 500

/** A server that answered has not taken it: 5xx for good, but a password that is wrong is the operator's to change. */
function outcomeOf({ message, code, responseCode }: Failure, handedOver: boolean): MailOutcome {
  const error = message.slice(0, KEPT_CHARACTERS)
  if (responseCode !== undefined) {
    return { kind: responseCode >= 500 && code !== 'EAUTH' ? 'refused' : 'failed', error }
  }
  return { kind: handedOver ? 'unknown' : 'failed', error }
}

/** A log that hears of each step, and keeps nothing: what is in a mail is nobody's business. */
function listener(hear: (step: unknown) => void) {
  const log = (entry: unknown) => hear((entry as { tnx?: unknown } | null)?.tnx)
  return { level: () => {}, trace: log, debug: log, info: log, warn: log, error: log, fatal: log }
}
