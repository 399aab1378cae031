import type { AuditRule } from './audit-ledger.ts'

export const holdRules: readonly AuditRule[] = [
  {
    invariant: 'I3',
    rule: 'what is held of a grant is what open holds took of it',
    over: 'hold',
    remedy: 'Release the hold if it is forgotten; else correct what is held of the grant to what its open holds took.',
    breaches: `
      select id as "grant", g.customer_pk, g.held::text, h.credits::text as taken from (
        select (p->>0)::uuid as id, sum((p->>1)::numeric) as credits
        from hold, jsonb_array_elements(parts) p where status = 'OPEN' group by 1) h
      full join (select id, customer_pk, held from "grant" where held <> 0) g using (id)
      where coalesce(g.held, 0) <> coalesce(h.credits, 0)`,
  },
  {
    invariant: 'I3',
    rule: 'the credits of a hold are the sum of its parts',
    over: 'hold',
    remedy: 'Its HOLD entries say what it took of which grant: correct the hold.',
    breaches: `
      select h.id as hold, h.payer_pk as customer_pk, h.credits::text, sum((p->>1)::numeric)::text as parts
      from hold h left join jsonb_array_elements(h.parts) p on true
      group by h.id having h.credits <> coalesce(sum((p->>1)::numeric), 0)`,
  },
  {
    invariant: 'I5',
    rule: 'a hold is open, or was settled once and says when',
    over: 'hold',
    remedy: 'Its RELEASE entries say whether it was settled, and when: correct the hold.',
    breaches: `
      select id as hold, payer_pk as customer_pk, status::text, settled_at, captured::text from hold
      where (status = 'OPEN') <> (settled_at is null) or (status = 'CAPTURED') <> (captured is not null)`,
  },
  {
    invariant: 'I11',
    rule: 'what became of a hold is told once',
    over: 'outbound_event',
    remedy: 'Tell whoever receives the events that the later one is a repeat of the first.',
    breaches: `
      select data->>'id' as hold, customer_pk, count(*) as events from outbound_event
      where type in ('hold.captured', 'hold.released', 'hold.expired')
      group by data->>'id', customer_pk having count(*) > 1`,
  },
]
