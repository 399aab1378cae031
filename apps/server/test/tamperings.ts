// What breaks the books, for each rule of the audit. The rows are those that audit-ledger.test.ts makes.

const last = '(select max(pk) from ledger_entry)'
const copyOf = (table: string, where: string, changes: string) =>
  `insert into "${table}" select r.* from "${table}" t, jsonb_populate_record(null::"${table}", to_jsonb(t) || ${changes}) r where ${where}`

/** A rule of the audit, a statement that breaks it, and other rules that look at the same figures from another side. */
export const TAMPERINGS: readonly (readonly [rule: string, statement: string, ...others: string[]])[] = [
  [
    "an entry's balance is the balance before it plus its amount",
    copyOf(
      'ledger_entry',
      `t.pk = ${last}`,
      `'{ "pk": 999999, "grant_id": null, "kind": "GRANT", "amount": 1, "cause_type": "grant" }'`,
    ),
  ],
  [
    "the last entry's balance is what remains of the grants that have entered",
    copyOf('grant', `t.kind = 'PREPAID'`, `jsonb_build_object('id', gen_random_uuid(), 'payment_id', null, 'held', 0)`),
    'a grant is what remains, is held, was drawn, expired and was taken back',
  ],
  [
    'no balance is negative',
    `insert into ledger_entry (customer_pk, credit_type_pk, kind, amount, available_after, version, effective_at, cause_type, cause_id)
     select customer_pk, 424242, 'GRANT', amount, least(amount, 0), version, now(), 'grant', 'none'
     from (select * from customer_ledger limit 1) l, (values (-1), (1)) as v(amount)`,
  ],
  [
    'versions of entries never fall, and none is above the version of their customer',
    `update customer_ledger set version = 0`,
  ],
  [
    'a grant is what remains, is held, was drawn, expired and was taken back',
    `update "grant" set amount = amount + 1 where kind = 'PREPAID'`,
  ],
  [
    'a grant whose time has not come is not in the ledger',
    `update "grant" set entered = false where kind = 'ALLOWANCE'`,
  ],
  ['no grant is negative, and a closed one is empty', `update "grant" set closed_at = now() where kind = 'PREPAID'`],
  [
    'nothing is drawn from a grant before it begins or after it ends',
    `update "grant" set expires_at = effective_at where kind = 'ALLOWANCE'`,
  ],
  [
    'a subscription has one allowance of a credit type a period',
    copyOf(
      'grant',
      `t.kind = 'ALLOWANCE'`,
      `jsonb_build_object('id', gen_random_uuid(), 'amount', 0, 'remaining', 0, 'held', 0, 'entered', false)`,
    ),
  ],
  [
    'what a grant keeps back is what HOLD and RELEASE entries have left with it',
    `update ledger_entry set kind = 'DRAW' where pk = (select max(pk) from ledger_entry where kind = 'HOLD')`,
    'a grant is what remains, is held, was drawn, expired and was taken back',
  ],
  ['no draw passed over a grant that comes first', `update "grant" set priority = 1 where kind = 'PREPAID'`],
  [
    'what is held of a grant is what open holds took of it',
    `update hold set parts = '[]', credits = 0 where status = 'OPEN'`,
  ],
  ['the credits of a hold are the sum of its parts', `update hold set credits = credits + 1`],
  ['a hold is open, or was settled once and says when', `update hold set settled_at = now() where status = 'OPEN'`],
  [
    'what became of a hold is told once',
    `insert into outbound_event (id, project_id, customer_pk, type, data, occurred_at, created_at)
     select gen_random_uuid(), project_id, pk, 'hold.captured', '{ "id": "hold_1" }', now(), now() - interval '40 days'
     from customer, generate_series(1, 2) where id = 'ada'`,
  ],
  [
    'what an event was answered to have drawn is what the ledger says it drew',
    `update usage_event set result = jsonb_set(result, '{draws,0,credits}', '"2"') where key = 'one'`,
    'what a meter counted in a period is what the events of the period were answered',
  ],
  [
    'overage that an event was answered is overage in the ledger',
    `update usage_event set result = jsonb_set(result, '{draws,0,overage}', '"2"') where key = 'one'`,
    'what a meter counted in a period is what the events of the period were answered',
  ],
  [
    'what a voided event was answered to have drawn went back, and nothing of any other event',
    `update usage_event set status = 'RECORDED' where key = 'undone'`,
    'what a meter counted in a period is what the events of the period were answered',
  ],
  [
    'no grant got more back from an event than the event drew from it',
    `update ledger_entry set grant_id = (select id from "grant" where kind = 'PREPAID' limit 1) where kind = 'REVERSE'`,
    'a grant is what remains, is held, was drawn, expired and was taken back',
    'no draw passed over a grant that comes first',
  ],
  [
    'overage of a voided event is off the ledger, and of no other event',
    `update ledger_entry set cause = cause || '{ "reverses": "OVERAGE", "credits": "2" }' where kind = 'REVERSE'`,
  ],
  [
    'what a meter counted in a period is what the events of the period were answered',
    `update meter_period set quantity = quantity + 1`,
  ],
  [
    'what a budget has spent in its period is what events were counted for and open holds have reserved',
    `update budget set spent = spent + 1`,
  ],
  ['a customer has budgets if their row says so', `update customer_ledger set has_budgets = false`],
  [
    'nobody stands above themselves, or below a customer of another project',
    `update customer_ledger set parent_pk = customer_pk`,
  ],
  [
    'a key of usage drew once',
    `update ledger_entry set version = version - 1 where pk = (select min(pk) from ledger_entry where cause_id = 'two')`,
  ],
  [
    'every key of a command has its answer',
    `update idempotency_key set answer = null where operation <> 'grantCredits'`,
  ],
  [
    'the grant that a key was answered is there',
    `update idempotency_key set answer = '{ "grant": { "id": "none" } }' where operation = 'grantCredits'`,
  ],
  [
    'a payment that succeeded has the invoice over its amount, and its grant or its subscription',
    `update "grant" set payment_id = null where payment_id = (select id from payment where not purpose ? 'topUp')`,
  ],
  [
    'an invoice is paid by one payment',
    copyOf('payment', 'true', `jsonb_build_object('id', gen_random_uuid(), 'provider_payment_id', null)`),
    'an attempt that was made by itself succeeded once',
    'a payment that succeeded has the invoice over its amount, and its grant or its subscription',
  ],
  [
    'a grant that was paid for has its payment',
    `update payment set status = 'PENDING' where not purpose ? 'topUp'`,
    'a receipt is of a payment that was made',
  ],
  [
    'a payment that failed or went back has brought nothing',
    `update payment set status = 'REFUNDED'`,
    'a grant that was paid for has its payment',
  ],
  [
    'what was paid on an invoice is what its payment brought',
    `update payment set outcome = outcome - 'invoiceId'`,
    'a payment that succeeded has the invoice over its amount, and its grant or its subscription',
  ],
  [
    'an attempt that was made by itself succeeded once',
    copyOf(
      'payment',
      `t.purpose ? 'topUp'`,
      `jsonb_build_object('id', gen_random_uuid(), 'provider_payment_id', null)`,
    ),
    'an invoice is paid by one payment',
    'a payment that succeeded has the invoice over its amount, and its grant or its subscription',
  ],
  [
    'a payment whose outcome nobody knows is being looked up',
    copyOf(
      'payment',
      `not t.purpose ? 'topUp'`,
      `jsonb_build_object('id', gen_random_uuid(), 'provider_payment_id', null, 'status', 'PENDING', 'outcome', null,
         'created_at', now() - interval '25 hours', 'asked_at', now() - interval '2 hours')`,
    ),
  ],
  [
    'a checkout that a link alone has opened charges no method on file',
    `with links as (update checkout_session set by_link = true)
     update payment set payment_method_id = 'pm_on_file' where checkout_session_id is not null`,
  ],
  [
    'a payment that the bank takes days for has its name at the provider, and its checkout waits for it',
    `update checkout_session set status = 'PENDING'`,
  ],
  [
    'what is charged off session belongs to its customer and is not removed',
    `update payment_method set removed_at = now()`,
  ],
  ["an invoice's total is the sum of its lines", `update invoice_line set amount_minor = amount_minor + 1`],
  [
    'what is due on an invoice is its total less credit, credit notes and payments',
    `update invoice set amount_due_minor = 1`,
  ],
  ['numbers of invoices have no gaps', `update invoice set number = 'INV-000099' where number = 'INV-000001'`],
  [
    'an invoice names who it is from and for, once its project keeps them',
    // Past the trigger that keeps them.
    `with past as (select set_config('session_replication_role', 'replica', true))
     update invoice set seller = '{ "name": "" }' from past where number = 'INV-000001'`,
  ],
  [
    'account credit is the sum of its entries',
    `insert into account_credit (customer_pk, currency, amount_minor) select pk, 'USD', 5 from customer`,
  ],
  [
    'periods of a subscription do not overlap',
    `insert into ended_period (subscription_id, start, "end", customer_pk, rate_card_version_pk, trial)
     select id, current_period_start - n * interval '1 day', current_period_start, customer_pk, rate_card_version_pk, false
     from subscription, generate_series(1, 2) n`,
  ],
  [
    'the running period of a subscription begins after those that have ended',
    `insert into ended_period (subscription_id, start, "end", customer_pk, rate_card_version_pk, trial)
     select id, current_period_start - interval '1 day', current_period_start + interval '1 day', customer_pk,
       rate_card_version_pk, false from subscription`,
  ],
  [
    'a commitment of credits has a grant of its own, over them and its term',
    `update commitment set committed = 9999`,
    'what was drawn of a settled commitment and what it lacked are what it was, or less what was taken back',
  ],
  [
    'what was drawn of a settled commitment and what it lacked are what it was, or less what was taken back',
    `update commitment set drawn = drawn + 1`,
    'the invoice of a commitment is what was drawn and what was missing, at its price and before tax',
  ],
  [
    'the invoice of a commitment is what was drawn and what was missing, at its price and before tax',
    `update commitment set shortfall = shortfall - 1`,
  ],
  [
    'of a credit type, one automatic charge of a customer is on its way',
    `update payment set status = 'PENDING' where purpose ? 'topUp'`,
    'a grant that was paid for has its payment',
    'a receipt is of a payment that was made',
  ],
  ['automatic charges stay within the limits of their month', `update auto_top_up_charge set total_minor = 1501`],
  [
    'an automatic charge that succeeded has one grant, and any other has none',
    `update auto_top_up_charge set status = 'FAILED'`,
  ],
  [
    "a customer's events are numbered without gaps, up to the newest",
    `update outbound_event set sequence = sequence + 100 where sequence > 1`,
  ],
  [
    'an event of the payment provider is carried out, or is about nothing of ours',
    `insert into provider_event (id, source, type, outcome, processed_at)
     values ('evt_parked', 'sandbox', 'charge.refunded', 'PARKED', now())`,
  ],
  [
    'a delivery has succeeded if one of its attempts has',
    `update webhook_delivery set status = 'SUCCEEDED', next_attempt_at = null, delivered_at = now()`,
  ],
  [
    'what went back of a payment is its refunds and lost disputes, never more than was paid, and its invoice says so',
    `update payment set refunded_minor = 1`,
  ],
  [
    'what went back beyond a payment less credit notes was written down, and told',
    `update payment set over_refunded_minor = 1`,
  ],
  [
    'credits that were reversed for refunds were taken back, are owed, or were settled by a later grant',
    `update payment set reversed_credits = 1`,
  ],
  [
    'a grant is frozen while its payment is in dispute, and only then; only what was paid for is owed',
    `update "grant" set frozen = 0 where kind = 'PREPAID' and closed_at is null`,
  ],
  [
    'a receipt is of a payment that was made',
    `update email set about = 'pay_none' where kind = 'RECEIPT'
     and id = (select id from email where kind = 'RECEIPT' limit 1)`,
  ],
  [
    'a mail that was handed over says to whom and what, and waits for nothing',
    `update email set next_attempt_at = now() where status = 'KEPT'`,
  ],
]
