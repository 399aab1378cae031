import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../test/at-once.ts'
import { consume, dataOf, grantCredits, recordUsage, voidUsage } from '../../../test/calls.ts'
import { cancelCommitment, commit, commitmentOf } from '../../../test/committing.ts'
import { captureHold, holdOf } from '../../../test/holding.ts'
import { payCheckout } from '../../../test/pay-checkout.ts'
import { createEndpoint, testEndpoint } from '../../../test/receiver.ts'
import { purchaseBundle, tokenOf } from '../../../test/selling.ts'
import { type Stack, startStack } from '../../../test/stack.ts'
import { TAMPERINGS } from '../../../test/tamperings.ts'
import { setAutoTopUp, standing } from '../../../test/top-ups.ts'
import { place, setBudget } from '../../../test/trees.ts'
import { publishWorkedExample, signUp } from '../../../test/worked-example.ts'
import type { Database, Transaction } from '../../platform/database.ts'
import { type AuditStep, auditLedger } from './audit-ledger.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  const { endpoint } = await createEndpoint(stack, { url: 'http://localhost:4999/' })
  await testEndpoint(stack, endpoint.id)
  const workspace = await signUp(stack, 'workspace', 'prepaid')
  await setBudget(stack, workspace, '100')
  await recordUsage(stack, [
    { customerId: await place(stack, 'member', workspace), idempotencyKey: 'below', value: '1' },
  ])
  const customerId = await signUp(stack, 'ada')
  const addressed = `mutation { upsertCustomer(input: { id: "ada", email: "ada@example.com" }) { id } }`
  await dataOf(stack.query(addressed))
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
  await grantCredits(stack, { customerId, amount: '10', priority: 200, idempotencyKey: 'gift' })
  await captureHold(stack, (await holdOf(stack, { customerId, quantity: '2', idempotencyKey: 'h1' })).id, '1')
  await holdOf(stack, { customerId, quantity: '3', idempotencyKey: 'h2' })
  await until(
    () => stack.database.query<{ kept: number }>(`select count(*) as kept from email where status = 'KEPT'`),
    ([row]) => (row?.kept ?? 0) > 0,
  )
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

test.each(TAMPERINGS)('finds where %s', async (rule, statement, ...others) => {
  expect((await auditAfter(statement)).sort()).toEqual([rule, ...others].sort())
})

test('every rule has a row that breaks it', async () => {
  const rules: string[] = []
  await auditLedger(stack.database, ({ rule }) => rules.push(rule.rule))
  expect([...new Set(rules)].filter((rule) => !TAMPERINGS.some(([broken]) => broken === rule))).toEqual([])
})
