import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../test/at-once.ts'
import { consume, recordUsage, voidUsage } from '../../../test/calls.ts'
import { cancelCommitment, commit, commitmentOf } from '../../../test/committing.ts'
import { payCheckout } from '../../../test/pay-checkout.ts'
import { createEndpoint, testEndpoint } from '../../../test/receiver.ts'
import { purchaseBundle, tokenOf } from '../../../test/selling.ts'
import { type Stack, startStack } from '../../../test/stack.ts'
import { setAutoTopUp, standing } from '../../../test/top-ups.ts'
import { publishWorkedExample, signUp } from '../../../test/worked-example.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { type AuditStep, auditLedger } from './audit-ledger.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  const { endpoint } = await createEndpoint(stack, { url: 'http://localhost:4999/' })
  await testEndpoint(stack, endpoint.id)
  const customerId = await signUp(stack, 'ada')
  await consume(stack, { customerId, idempotencyKey: 'one' })
  await consume(stack, { customerId, idempotencyKey: 'undone' })
  await voidUsage(stack, customerId, 'undone')
  await payCheckout(stack, tokenOf(await purchaseBundle(stack, customerId, 'bundle')))
  await recordUsage(stack, [{ customerId, idempotencyKey: 'two', value: '60' }])
  await cancelCommitment(stack, (await commitmentOf(stack, await commit(stack, 'grace'))).id)
  const terms = { threshold: '50', bundle: 'pack-100', maxSpendPerMonth: '30' }
  await setAutoTopUp(stack, customerId, terms)
  await recordUsage(stack, [{ customerId, idempotencyKey: 'three', value: '100' }])
  await until(
    () => standing(stack, customerId),
    (told) => told === 'READY with 144',
  )
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

test.each([
  [
    "an entry's balance is the balance before it plus its amount",
    `update ledger_entry set amount = amount - 1 where pk = ${last}`,
  ],
  [
    "the last entry's balance is what remains of the grants that have entered",
    `update "grant" set remaining = remaining + 1 where kind = 'PREPAID'`,
  ],
  ['no balance is negative', `update ledger_entry set available_after = -1 where pk = ${last}`],
  [
    'versions of entries never fall, and none is above the version of their customer',
    `update customer_ledger set version = version - 1`,
  ],
  [
    'a grant is what remains, is held, was drawn, expired and was taken back',
    `update "grant" set amount = amount + 1 where kind = 'PREPAID'`,
  ],
  ['a grant whose time has not come is not in the ledger', `update "grant" set entered = false where kind = 'PREPAID'`],
  ['no grant is negative, and a closed one is empty', `update "grant" set closed_at = now() where kind = 'PREPAID'`],
  [
    'nothing is drawn from a grant before it begins or after it ends',
    `update "grant" set expires_at = effective_at where kind = 'ALLOWANCE'`,
  ],
  [
    'a subscription has one allowance of a credit type a period',
    `insert into "grant" (id, customer_pk, credit_type_pk, wallet_id, wallet_priority, kind, amount, remaining,
       effective_at, entered, subscription_id, period_start)
     select gen_random_uuid(), customer_pk, credit_type_pk, wallet_id, wallet_priority, kind, 0, 0,
       effective_at, false, subscription_id, period_start from "grant" where kind = 'ALLOWANCE'`,
  ],
  [
    'what an event was answered to have drawn is what the ledger says it drew',
    `update usage_event set result = jsonb_set(result, '{draws,0,credits}', '"2"') where key = 'one'`,
  ],
  [
    'overage that an event was answered is overage in the ledger',
    `update usage_event set result = jsonb_set(result, '{draws,0,overage}', '"2"') where key = 'one'`,
  ],
  [
    'what a voided event was answered to have drawn went back, and nothing of any other event',
    `update usage_event set status = 'RECORDED' where key = 'undone'`,
  ],
  [
    'no grant got more back from an event than the event drew from it',
    `update ledger_entry set grant_id = (select id from "grant" where kind = 'PREPAID' limit 1) where kind = 'REVERSE'`,
  ],
  [
    'overage of a voided event is off the ledger, and of no other event',
    `update ledger_entry set cause = cause || '{ "reverses": "OVERAGE", "credits": "2" }' where kind = 'REVERSE'`,
  ],
  [
    'a payment that succeeded has the invoice over its amount, and its grant or its subscription',
    `update "grant" set payment_id = null where kind = 'PREPAID'`,
  ],
  [
    'an invoice is paid by one payment',
    `insert into payment (id, project_id, customer_pk, status, amount_minor, currency, purpose, purpose_hash, description, outcome)
     select gen_random_uuid(), project_id, customer_pk, status, amount_minor, currency, purpose, purpose_hash, description,
       outcome from payment`,
  ],
  ['a grant that was paid for has its payment', `update payment set status = 'PENDING'`],
  ['a commitment of credits has a grant of its own, over them and its term', `update commitment set committed = 9999`],
  [
    'what was drawn of a settled commitment and what it lacked are what it was, or less what was taken back',
    `update commitment set drawn = drawn + 1`,
  ],
  [
    'the invoice of a commitment is what was drawn and what was missing, at its price and before tax',
    `update commitment set shortfall = shortfall - 1`,
  ],
  [
    'of a credit type, one automatic charge of a customer is on its way',
    `update payment set status = 'PENDING' where purpose ? 'topUp'`,
  ],
  ['automatic charges stay within the limits of their month', `update auto_top_up_charge set total_minor = 1501`],
  [
    'an automatic charge that succeeded has one grant, and any other has none',
    `update auto_top_up_charge set status = 'FAILED'`,
  ],
  ['a payment that failed or went back has brought nothing', `update payment set status = 'REFUNDED'`],
  [
    "a customer's events are numbered without gaps, up to the newest",
    `update outbound_event set sequence = sequence + 100 where sequence > 1`,
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
    'credits that were reversed for refunds were taken back, are owed, or were settled by a later grant',
    `update payment set reversed_credits = 1`,
  ],
  [
    'a grant is frozen while its payment is in dispute, and only then; only what was paid for is owed',
    `update "grant" set frozen = 0 where kind = 'PREPAID'`,
  ],
])('finds where %s', async (rule, statement) => {
  expect(await auditAfter(statement)).toContain(rule)
})
