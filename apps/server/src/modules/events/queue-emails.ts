import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { EventType, HappenedEvent } from './announce-event.ts'

interface Mailed {
  readonly kind: 'RECEIPT' | 'PAYMENT_FAILED' | 'LOW_BALANCE' | 'TRIAL_ENDING'
  /** What the mail is about, so that nobody is told the same twice. */
  about(event: HappenedEvent): string
}

/** What customers get a mail about. Of thresholds that one draw jumps over, they hear once. */
const MAILED: Partial<Record<EventType, Mailed>> = {
  'payment.succeeded': { kind: 'RECEIPT', about: ({ data }) => `${data.paymentId}` },
  'invoice.payment_failed': { kind: 'PAYMENT_FAILED', about: ({ data }) => `${data.invoiceId} ${data.attempt}` },
  'auto_top_up.needs_customer': { kind: 'PAYMENT_FAILED', about: ({ data }) => `${data.actionUrl}` },
  'balance.threshold_crossed': {
    kind: 'LOW_BALANCE',
    about: ({ data, occurredAt }) => `${data.creditType} ${occurredAt}`,
  },
  'subscription.trial_ending': {
    kind: 'TRIAL_ENDING',
    about: ({ data }) => `${data.subscriptionId} ${data.trialEndsAt}`,
  },
}

const QUEUE: Statement = {
  name: 'events-queue-emails',
  text: `insert into email (id, project_id, customer_pk, kind, about, type, data, occurred_at)
         select w.id, c.project_id, c.pk, w.kind::email_kind, w.about, w.type, w.data, w.occurred_at
         from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[])
           as w(id, customer_pk, kind, about, type, data, occurred_at)
         join customer c on c.pk = w.customer_pk left join email_settings s on s.project_id = c.project_id
         where c.email is not null and (s.project_id is null or w.kind::email_kind = any(s.kinds))
         on conflict (customer_pk, kind, about) do nothing`,
}

/**
 * Writes the mails that events bring, in the transaction that makes them happen. Customers without an address get none. The
 * module emails sends them.
 */
export function queueEmails(tx: Transaction, events: readonly HappenedEvent[]): void {
  const mails = events.flatMap((event) => {
    const mailed = MAILED[event.type]
    return mailed ? [{ event, kind: mailed.kind, about: mailed.about(event) }] : []
  })
  if (mails.length === 0) return
  tx.send(QUEUE, [
    arrayOf(mails.map(() => newId())),
    arrayOf(mails.map(({ event }) => event.customerPk)),
    mails.map(({ kind }) => kind),
    mails.map(({ about }) => about),
    mails.map(({ event }) => event.type),
    mails.map(({ event }) => JSON.stringify(event.data)),
    arrayOf(mails.map(({ event }) => new Date(event.occurredAt).toISOString())),
  ])
}
