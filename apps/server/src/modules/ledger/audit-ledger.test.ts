import { afterAll, beforeAll, expect, test } from 'vitest'
import { consume, grantCredits, recordUsage, voidUsage } from '../../../test/calls.ts'
import { captureHold, holdOf } from '../../../test/holding.ts'
import { payCheckout } from '../../../test/pay-checkout.ts'
import { purchaseBundle, tokenOf } from '../../../test/selling.ts'
import { type Stack, startStack } from '../../../test/stack.ts'
import { publishWorkedExample, signUp } from '../../../test/worked-example.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { type AuditStep, auditLedger } from './audit-ledger.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  const customerId = await signUp(stack, 'ada')
  await consume(stack, { customerId, idempotencyKey: 'one' })
  await consume(stack, { customerId, idempotencyKey: 'undone' })
  await voidUsage(stack, customerId, 'undone')
  await payCheckout(stack, tokenOf(await purchaseBundle(stack, customerId, 'bundle')))
  await recordUsage(stack, [{ customerId, idempotencyKey: 'two', value: '60' }])
  await grantCredits(stack, { customerId, amount: '10', priority: 200, idempotencyKey: 'gift' })
  await captureHold(stack, (await holdOf(stack, { customerId, quantity: '2', idempotencyKey: 'h1' })).id, '1')
  await holdOf(stack, { customerId, quantity: '3', idempotencyKey: 'h2' })
  const broke = await signUp(stack, 'alan')
  await recordUsage(stack, [{ customerId: broke, idempotencyKey: 'more', value: '6' }])
})
afterAll(() => stack.close())

class Undo extends Error {}

/** What the audit says of books that were tampered with; they are put right again. */
async function auditAfter(statement: string): Promise<string[]> {
  let rules: string[] = []
  const tamper = async (tx: Transaction) => {
    await tx.query(`set local session_replication_role = replica`) // no triggers: the ledger refuses changes
    await tx.query(`alter table "grant" drop constraint if exists grant_never_negative`)
    await tx.query(`drop index if exists grant_one_allowance_idx`)
    await tx.query(statement)
    const tampered: Database = { ...stack.database, snapshot: (work) => work(tx) }
    rules = (await auditLedger(tampered)).map(({ rule }) => rule)
    throw new Undo()
  }
  await expect(stack.database.transaction(tamper)).rejects.toThrow(Undo)
  return [...new Set(rules)]
}

test('books that nobody has touched have no breach', async () => {
  const steps: AuditStep[] = []
  expect(await auditLedger(stack.database, (step) => steps.push(step))).toEqual([])
  expect(steps.length).toBeGreaterThan(40)
  expect(steps.at(-1)).toMatchObject({ number: steps.length / 2, of: steps.length / 2, breaches: 0 })
})

const last = '(select max(pk) from ledger_entry)'
const copyOf = (table: string, where: string, changes: string) =>
  `insert into "${table}" select r.* from "${table}" t, jsonb_populate_record(null::"${table}", to_jsonb(t) || ${changes}) r where ${where}`

/** Each row breaks one rule alone, as far as that can be: where two figures are compared from both sides, both rules say so. */
const TAMPERINGS: readonly (readonly [rule: string, statement: string, ...others: string[]])[] = [
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
    `insert into outbound_event (id, project_id, customer_pk, type, data, occurred_at)
     select gen_random_uuid(), project_id, pk, 'hold.captured', '{ "id": "hold_1" }', now()
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
    `update ledger_entry set grant_id = (select id from "grant" where kind = 'PREPAID') where kind = 'REVERSE'`,
    'a grant is what remains, is held, was drawn, expired and was taken back',
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
    `update "grant" set payment_id = null where kind = 'PREPAID'`,
  ],
  [
    'an invoice is paid by one payment',
    copyOf('payment', 'true', `jsonb_build_object('id', gen_random_uuid(), 'provider_payment_id', null)`),
    'a payment that succeeded has the invoice over its amount, and its grant or its subscription',
  ],
  ['a grant that was paid for has its payment', `update payment set status = 'PENDING'`],
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
  ["an invoice's total is the sum of its lines", `update invoice_line set amount_minor = amount_minor + 1`],
  [
    'what is due on an invoice is its total less credit, credit notes and payments',
    `update invoice set amount_due_minor = 1`,
  ],
  ['numbers of invoices have no gaps', `update invoice set number = 'INV-000009'`],
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
]

test.each(TAMPERINGS)('finds where %s', async (rule, statement, ...others) => {
  expect((await auditAfter(statement)).sort()).toEqual([rule, ...others].sort())
})

test('every rule has a row that breaks it', async () => {
  const rules: string[] = []
  await auditLedger(stack.database, ({ rule }) => rules.push(rule.rule))
  expect([...new Set(rules)].filter((rule) => !TAMPERINGS.some(([broken]) => broken === rule))).toEqual([])
})
