import { afterAll, beforeAll, expect, test } from 'vitest'
import { atOnce } from './at-once.ts'
import {
  available,
  consume,
  dataOf,
  faultOf,
  grantCredits,
  ledger,
  recordUsage,
  upsertCustomer,
  voidUsage,
} from './calls.ts'
import {
  CREATE_COMMITMENT,
  commit,
  commitmentOf,
  commitments,
  createCommitment,
  inDays,
  passToEnd,
  TEN_THOUSAND,
} from './committing.ts'
import { newestInvoice } from './invoice-links.ts'
import { advanceTo, bills, start, told } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const bill = async (customerId: string) => (await bills(stack, customerId)).map(told)

test('credits are granted for the term, drawn like any, and paid for at its end, drawn or not', async () => {
  const customerId = await commit(stack, 'credits')
  expect(await available(stack, customerId)).toBe('10000')
  await recordUsage(stack, [{ customerId, idempotencyKey: 'most', value: '6000' }])
  expect(await commitmentOf(stack, customerId)).toMatchObject({
    kind: 'CREDITS',
    creditType: 'credits',
    currency: 'USD',
    unitPrice: '0.05',
    committed: '10000',
    drawn: '6000',
    shortfall: '4000',
    status: 'ACTIVE',
    grant: { kind: 'COMMITTED', remaining: '4000' },
    invoice: null,
  })
  await passToEnd(stack, customerId)
  expect(await commitmentOf(stack, customerId)).toMatchObject({
    drawn: '6000',
    shortfall: '4000',
    pace: '10000',
    status: 'ENDED',
    grant: { remaining: '0' },
    invoice: { total: '500.00', status: 'OPEN' },
  })
  expect(await bill(customerId)).toEqual([
    '500.00 OPEN: Contract: credits drawn 300.00, Contract: credits committed and not drawn 200.00',
  ])
  expect(await available(stack, customerId)).toBe('0')
  expect((await ledger(stack, customerId)).map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
    'EXPIRE -4000',
    'DRAW -6000',
    'GRANT 10000',
  ])
})

test('a minimum spend counts what was invoiced in the term, without tax, and invoices what is missing', async () => {
  const customerId = await start(stack, 'money', 'premium')
  const tax = `mutation { upsertCustomer(input: { id: "money", taxRate: { name: "VAT", percent: "10" } }) { id } }`
  await dataOf(stack.query(tax))
  // The 100.00 of the start came before the term: 31 and 62 days later there are two renewals in it.
  const money = { amount: '1000.00', currency: 'USD' }
  const input = { customerId, name: 'Minimum', endsAt: await inDays(stack, 70), money, idempotencyKey: 'minimum' }
  await createCommitment(stack, input)
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '0.00', shortfall: '1000.00', grant: null })
  await advanceTo(stack, await inDays(stack, 40))
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '100.00', shortfall: '900.00' })
  const { id } = await newestInvoice(stack, customerId)
  const note = { invoiceId: id, amount: '22.00', reason: 'An hour without service', idempotencyKey: 'sorry' }
  await dataOf(
    stack.query(`mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { id } }`, { input: note }),
  )
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '80.00', shortfall: '920.00' })
  await passToEnd(stack, customerId)
  expect(await commitmentOf(stack, customerId)).toMatchObject({
    drawn: '180.00',
    shortfall: '820.00',
    status: 'ENDED',
    invoice: { total: '902.00', tax: '82.00', status: 'PAID' },
  })
  expect((await bill(customerId))[0]).toMatch(/^902.00 PAID: Minimum: shortfall of the minimum spend 820.00, /)
})

test('enough was spent: nothing is missing, and there is no invoice', async () => {
  const customerId = await start(stack, 'enough', 'premium')
  const money = { amount: '150.00', currency: 'USD' }
  const input = {
    customerId,
    name: 'Minimum',
    startsAt: await inDays(stack, -1),
    endsAt: await inDays(stack, 40),
    money,
  }
  await createCommitment(stack, { ...input, idempotencyKey: 'minimum' })
  await passToEnd(stack, customerId)
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '200.00', shortfall: '0.00', invoice: null })
  expect(await bill(customerId)).toHaveLength(2)
})

test('credits that an operator took back are neither drawn nor missing', async () => {
  const customerId = await commit(stack, 'taken-back')
  await recordUsage(stack, [{ customerId, idempotencyKey: 'some', value: '1000' }])
  const { grant } = await commitmentOf(stack, customerId)
  const voided = `mutation ($id: ID!) { voidGrant(grantId: $id, idempotencyKey: "void") { remaining } }`
  await dataOf(stack.query(voided, { id: grant?.id }))
  await voidUsage(stack, customerId, 'some')
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '0', shortfall: '0', status: 'ACTIVE' })
  await passToEnd(stack, customerId)
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '0', shortfall: '0', invoice: null })
})

test('a term of the future: its credits begin with it, by themselves', async () => {
  const customerId = await commit(stack, 'future', { startsAt: await inDays(stack, 30) })
  expect(await commitmentOf(stack, customerId)).toMatchObject({ status: 'UPCOMING', drawn: '0', pace: '0' })
  expect(await available(stack, customerId)).toBe('0')
  await advanceTo(stack, (await commitmentOf(stack, customerId)).startsAt)
  expect(await commitmentOf(stack, customerId)).toMatchObject({ status: 'ACTIVE' })
  expect(await available(stack, customerId)).toBe('10000')
})

test('a retry answers the commitment as it was made, however much later', async () => {
  const customerId = 'retried'
  await signUp(stack, customerId, 'prepaid')
  const input = {
    customerId,
    name: 'Contract',
    endsAt: await inDays(stack, 5),
    credits: TEN_THOUSAND,
    idempotencyKey: 'once',
  }
  const [first, ...others] = await atOnce(3, () => createCommitment(stack, input))
  expect(others).toEqual([first, first])
  await passToEnd(stack, customerId)
  const again = await createCommitment(stack, input)
  expect({ ...again, grant: null }).toEqual({ ...first, grant: null })
  expect(await commitments(stack, customerId)).toHaveLength(1)
  const other = { ...input, name: 'Another' }
  expect(await faultOf(stack.query(CREATE_COMMITMENT, { input: other }))).toBe('IDEMPOTENCY_CONFLICT idempotencyKey')
})

test('billing state has the contracts that run, and the ledger says what they brought', async () => {
  const customerId = await commit(stack, 'state')
  const document = `query ($id: ID!) { billingState(customerId: $id) { version commitments { name committed drawn shortfall status } }
    ledger(customerId: $id) { nodes { kind cause } } }`
  interface Answer {
    readonly billingState: { readonly version: number; readonly commitments: readonly object[] }
    readonly ledger: { readonly nodes: readonly { readonly kind: string; readonly cause: { readonly text: string } }[] }
  }
  const read = () => dataOf(stack.query<Answer>(document, { id: customerId }))
  const before = await read()
  expect(before.billingState.commitments).toEqual([
    { name: 'Contract', committed: '10000', drawn: '0', shortfall: '10000', status: 'ACTIVE' },
  ])
  expect(before.ledger.nodes.map(({ cause }) => cause.text)).toEqual(['Committed by the contract “Contract”'])
  await passToEnd(stack, customerId)
  const after = await read()
  expect(after.billingState.commitments).toEqual([])
  expect(after.billingState.version).toBeGreaterThan(before.billingState.version)
})

test('a customer who is billed in one currency commits in no other', async () => {
  const create = `mutation { upsertCustomer(input: { id: "euro", currency: "EUR" }) { id } }`
  await dataOf(stack.query(create))
  const input = { customerId: 'euro', name: 'Contract', endsAt: await inDays(stack, 5), idempotencyKey: 'one' }
  const ask = (more: object) => stack.query(CREATE_COMMITMENT, { input: { ...input, ...more } })
  const money = { amount: '10.00', currency: 'USD' }
  expect(await faultOf(ask({ money }))).toBe('INVALID_INPUT money.currency')
  expect(await faultOf(ask({ credits: { ...TEN_THOUSAND, currency: 'USD' } }))).toBe('INVALID_INPUT credits.currency')
  expect(await createCommitment(stack, { ...input, credits: TEN_THOUSAND })).toMatchObject({ currency: 'EUR' })
})

test('they stand beside other grants in the drawdown order, in a wallet and for the meters that they name', async () => {
  const customerId = await signUp(stack, 'beside', 'prepaid')
  const wallet = `mutation { createWallet(input: { customerId: "beside", creditType: "credits", name: "contract", priority: 1 }) { id } }`
  const { createWallet } = await dataOf(stack.query<{ createWallet: { id: string } }>(wallet))
  await grantCredits(stack, { customerId, amount: '50', idempotencyKey: 'gift' })
  const credits = { ...TEN_THOUSAND, walletId: createWallet.id, appliesTo: ['character_generation'], priority: 500 }
  const input = { customerId, name: 'Contract', endsAt: await inDays(stack, 5), credits, idempotencyKey: 'one' }
  await createCommitment(stack, input)
  await consume(stack, { customerId, quantity: '10', idempotencyKey: 'ten' })
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '10' })
})

test('whoever listens is told that a contract began, and what came of it', async () => {
  await stack.database.query(
    `insert into webhook_endpoint (id, project_id, url, types, secrets)
     values (gen_random_uuid(), $1, 'http://127.0.0.1:9/', '{commitment.created,commitment.ended}', '[]')`,
    [stack.project.id],
  )
  const customerId = await commit(stack, 'told')
  const { id, grant, endsAt } = await commitmentOf(stack, customerId)
  await passToEnd(stack, customerId)
  const events = await stack.database.query<{ type: string; data: object; at: number }>(
    `select type, data, occurred_at as at from outbound_event where data->>'customerId' = 'told' order by id`,
  )
  expect(events).toMatchObject([
    { type: 'commitment.created', data: { id, name: 'Contract', committed: '10000', endsAt, grantId: grant?.id } },
    { type: 'commitment.ended', data: { id, status: 'ENDED', drawn: '0', shortfall: '10000' }, at: Date.parse(endsAt) },
  ])
  expect(events[1]?.data).toMatchObject({ invoiceId: (await commitmentOf(stack, customerId)).invoice?.id })
})

test('the customer sees their own', async () => {
  await upsertCustomer(stack, 'nobody-yet')
  expect(await commitments(stack, 'nobody-yet')).toEqual([])
})
