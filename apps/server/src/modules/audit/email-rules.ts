import type { AuditRule } from './audit-ledger.ts'

export const emailRules: readonly AuditRule[] = [
  {
    invariant: 'I11',
    rule: 'a receipt is of a payment that was made',
    over: 'email',
    remedy: 'A customer was told of money that did not move: write to them, and look at who queued the mail.',
    breaches: `
      select e.id as email, e.about, p.status::text from email e left join payment p on 'pay_' || replace(p.id::text, '-', '') = e.about
      where e.kind = 'RECEIPT' and coalesce(p.status not in ('SUCCEEDED', 'REFUNDING', 'REFUNDED'), true)`,
  },
  {
    invariant: 'I11',
    rule: 'a mail that was handed over says to whom and what, and waits for nothing',
    over: 'email',
    remedy: 'It would be sent a second time: set its next_attempt_at to null.',
    breaches: `
      select id as email, status::text from email
      where status not in ('PENDING', 'SENDING') and next_attempt_at is not null
        or status = 'SENT' and (recipient is null or sent_at is null)`,
  },
]
