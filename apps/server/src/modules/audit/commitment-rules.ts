import { CURRENCIES, currencyDecimals } from '@florin/core'
import type { AuditRule } from './audit-ledger.ts'

const DECIMALS = CURRENCIES.map((code) => `('${code}', ${currencyDecimals(code)})`).join(', ')

export const commitmentRules: readonly AuditRule[] = [
  {
    invariant: 'I6',
    rule: 'a commitment of credits has a grant of its own, over them and its term',
    over: 'commitment',
    remedy: 'Cancel the commitment, void its invoice, and make it again.',
    breaches: `
      select m.id as commitment, m.customer_pk, m.committed::text, g.kind::text as kind, g.amount::text from commitment m
      left join "grant" g on g.id = m.grant_id
      where m.kind = 'CREDITS' and (g.kind, g.customer_pk, g.credit_type_pk, g.amount, g.effective_at)
        is distinct from ('COMMITTED', m.customer_pk, m.credit_type_pk, m.committed, m.starts_at)`,
  },
  {
    invariant: 'I3',
    rule: 'what was drawn of a settled commitment and what it lacked are what it was, or less what was taken back',
    over: 'commitment',
    remedy:
      'Compare with the entries of its grant, or the invoices of its term; put the difference right with a credit note.',
    breaches: `
      select m.id as commitment, m.customer_pk, m.committed::text, m.drawn::text, m.shortfall::text from commitment m
      where m.settled_at is not null and case when m.settled_at < m.starts_at then m.drawn + m.shortfall <> 0
        when m.kind = 'MONEY' then m.shortfall <> greatest(0, m.committed - m.drawn)
        else m.drawn + m.shortfall > m.committed end`,
  },
  {
    invariant: 'I6',
    rule: 'the invoice of a commitment is what was drawn and what was missing, at its price and before tax',
    over: 'commitment',
    remedy: 'Give back by a credit note what is too much; what is missing has to be asked for.',
    breaches: `
      select m.id as commitment, m.customer_pk, m.drawn::text, m.shortfall::text, i.number, i.total_minor, i.tax_minor
      from commitment m join (values ${DECIMALS}) as c(code, decimals) on c.code = m.currency
      left join invoice i on i.id = m.invoice_id
      where m.settled_at is not null and (i.customer_pk <> m.customer_pk or i.currency <> m.currency
        or i.issued_at <> m.settled_at or case when m.kind = 'MONEY' then m.shortfall
          else round((m.drawn + m.shortfall) * m.unit_price * 10::numeric ^ c.decimals) end
        <> coalesce(case i.tax->>'mode' when 'EXCLUSIVE' then i.total_minor - i.tax_minor else i.total_minor end, 0))`,
  },
]
