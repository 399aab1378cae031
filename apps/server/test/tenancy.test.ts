import { afterAll, beforeAll, expect, test } from 'vitest'
import { signCustomerToken } from '../src/modules/accounts/customer-token.ts'
import { newId, publicId } from '../src/platform/ids.ts'
import { billingState, customerToken, dataOf, faultOf, grantCredits } from './calls.ts'
import { createCommitment } from './committing.ts'
import { holdOf } from './holding.ts'
import { newestInvoice } from './invoice-links.ts'
import { DAY, start } from './living.ts'
import { openPortal, tokenOf } from './portal-sessions.ts'
import { createEndpoint, testEndpoint } from './receiver.ts'
import { newestPayment } from './refunding.ts'
import { countOwnRows, sumVersions } from './rows.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { MATRIX, type Target, type Who } from './tenancy-matrix.ts'
import { PREPAID, publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
const target: Target = {
  customerId: 'victim',
  subscriptionId: '',
  grantId: '',
  commitmentId: '',
  walletId: '',
  invoiceId: '',
  paymentId: '',
  holdId: '',
  endpointId: '',
  deliveryId: '',
  checkoutToken: '',
  portalToken: '',
  invoiceToken: '',
}
const credentials: Record<Who, string | null> = { neighbour: '', stranger: '', nobody: null }

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  const { customerId } = target
  await signUp(stack, customerId)
  await signUp(stack, 'neighbour')
  const { subscriptions } = await billingState(stack, customerId)
  target.subscriptionId = subscriptions[0]?.id as string
  target.grantId = (await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'start' })).id
  target.holdId = (await holdOf(stack, { customerId, quantity: '1', idempotencyKey: 'held' })).id
  const money = { amount: '10', currency: 'USD' }
  const endsAt = new Date(Date.now() + 30 * DAY).toISOString()
  const contract = { customerId, name: 'Contract', endsAt, money, idempotencyKey: 'start' }
  target.commitmentId = (await createCommitment(stack, contract)).id
  const document = `query ($id: ID!) { customer(id: $id) { wallets { id } } }`
  const { customer } = await dataOf(
    stack.query<{ customer: { wallets: { id: string }[] } }>(document, { id: customerId }),
  )
  target.walletId = customer.wallets[0]?.id as string
  target.invoiceId = await openInvoice(customerId)
  target.checkoutToken = await openBundleCheckout(stack, customerId)
  target.portalToken = tokenOf(await openPortal(stack, customerId))
  target.invoiceToken = (await newestInvoice(stack, await start(stack, 'payer', 'starter'))).token
  const { endpoint } = await createEndpoint(stack, { url: 'http://localhost:4999/', types: ['endpoint.test'] })
  target.endpointId = endpoint.id
  target.deliveryId = (await testEndpoint(stack, endpoint.id)).id
  target.paymentId = (await newestPayment(stack, 'payer')).id
  credentials.neighbour = await customerToken(stack, 'neighbour')
  credentials.stranger = `Bearer ${(await stack.addProject('SANDBOX')).secretKey}`
})
afterAll(() => stack.close())

/** An invoice that is open, as far as anybody can tell who is not its customer. */
async function openInvoice(customerId: string): Promise<string> {
  const id = newId()
  await stack.database.query(
    `insert into invoice (id, project_id, customer_pk, number, status, currency, total_minor, amount_due_minor)
     select $1, project_id, pk, 'INV-000001', 'OPEN', 'USD', 100, 100 from customer where id = $2 and project_id = $3`,
    [id, customerId, stack.project.id],
  )
  await stack.database.query(
    `insert into invoice_line (invoice_id, position, description, quantity, amount_minor) values ($1, 0, 'One', 1, 100)`,
    [id],
  )
  await stack.database.query(`insert into invoice_counter (project_id, next) values ($1, 2)`, [stack.project.id])
  return publicId('inv', id)
}

const fields = Object.keys(MATRIX)

/** All that the project and its victim have; the strangers' own rows and the neighbour's are not in it. */
async function belongings(): Promise<unknown> {
  const tables = await stack.database.query(
    `select (select jsonb_agg(c order by pk) from customer c where project_id = $1) as customers,
       (select jsonb_agg(m order by pk) from meter m where project_id = $1) as meters,
       (select jsonb_agg(t order by pk) from credit_type t where project_id = $1) as types,
       (select jsonb_agg(v order by pk) from rate_card_version v where project_id = $1) as cards,
       (select jsonb_agg(g order by id) from "grant" g) as grants,
       (select jsonb_agg(s order by id) from subscription s) as subscriptions,
       (select jsonb_agg(i order by id) from invoice i) as invoices,
       (select jsonb_agg(m order by id) from commitment m) as commitments,
       (select jsonb_agg(e order by id) from webhook_endpoint e where project_id = $1) as endpoints,
       (select jsonb_agg(d order by pk) from webhook_delivery d) as deliveries,
       (select jsonb_agg(y order by id) from payment y) as payments,
       (select jsonb_agg(r order by id) from refund r) as refunds,
       (select to_jsonb(p) from project p where id = $1) as project`,
    [stack.project.id],
  )
  return { tables, versions: await sumVersions(stack.database) }
}

async function outcomeOf(field: string, who: Who): Promise<string> {
  const [root = '', name = ''] = field.split('.')
  const document = `${root.toLowerCase()} { ${MATRIX[field]?.ask(target)} }`
  const { data, errors } = await stack.query<Record<string, unknown>>(document, {}, credentials[who])
  const [error] = errors
  if (error) return error.extensions.code
  if (data?.[name] === null) return 'null'
  return JSON.stringify(data?.[name]).includes('REJECTED') ? 'REJECTED' : 'allowed'
}

test('T01 every root field of the schema is in the matrix', async () => {
  const document = `{ __schema { types { name fields { name } } } }`
  const { __schema } = await dataOf(
    stack.query<{ __schema: { types: { name: string; fields: { name: string }[] | null }[] } }>(document),
  )
  const roots = __schema.types.filter(({ name }) => ['Query', 'Mutation', 'Subscription'].includes(name))
  const all = roots.flatMap((root) => (root.fields ?? []).map(({ name }) => `${root.name}.${name}`))
  expect(all.sort()).toEqual([...fields].sort())
})

test.each(['neighbour', 'stranger', 'nobody'] as const)(
  'T01 no root field lets a %s touch what is not theirs',
  async (who) => {
    const before = await belongings()
    const outcomes: Record<string, string> = {}
    for (const field of fields) outcomes[field] = await outcomeOf(field, who)
    const expected = fields.map((field) => [field, MATRIX[field]?.[who] ?? 'UNAUTHENTICATED'])
    expect(outcomes).toEqual(Object.fromEntries(expected))
    expect(await belongings()).toEqual(before)
  },
)

test('T01 a customer sees public cards only, and buys no other', async () => {
  const { rateCards } = await dataOf(
    stack.query<{ rateCards: { code: string }[] }>('{ rateCards { code } }', {}, credentials.neighbour),
  )
  expect(rateCards.map(({ code }) => code).sort()).toEqual(['free', 'premium', 'starter'])
  const hidden = `mutation { subscribe(input: { customerId: "neighbour", rateCard: "${PREPAID.code}" }) { __typename } }`
  expect(await faultOf(stack.query(hidden, {}, credentials.neighbour))).toBe('NOT_FOUND rateCard')
})

test.each([
  ['upsertCustomer', 'CustomerInput', { id: 'victim' }],
  [
    'grantCredits',
    'GrantCreditsInput',
    { customerId: 'neighbour', creditType: 'credits', amount: '1', idempotencyKey: 'T02' },
  ],
  ['publishRateCard', 'RateCardInput', { code: 'free', name: 'Free' }],
  ['consume', 'ConsumeInput', { customerId: 'neighbour', meter: 'character_generation', idempotencyKey: 'T02' }],
] as const)('T02 %s takes no tenant, time or key from its input', async (mutation, type, input) => {
  const before = await countOwnRows(stack.database)
  for (const more of ['projectId', 'orgId', 'env', 'createdAt', 'pk', 'tokensValidFrom']) {
    const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`
    const asked = stack.query(document, { input: { ...input, [more]: 'another' } })
    expect(await faultOf(asked)).toBe(`INVALID_INPUT ${more}`)
  }
  expect(await countOwnRows(stack.database)).toEqual(before)
})

test("T02 another customer's wallet takes no grant", async () => {
  const input = { customerId: 'neighbour', creditType: 'credits', amount: '5', idempotencyKey: 'T02 wallet' }
  const document = `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { id } }`
  const asked = stack.query(document, { input: { ...input, walletId: target.walletId } })
  expect(await faultOf(asked)).toBe('NOT_FOUND walletId')
})

test('a token that is expired, altered, unsigned or of another project is UNAUTHENTICATED', async () => {
  const read = (authorization: string) =>
    faultOf(stack.query(`{ billingState(customerId: "neighbour") { version } }`, {}, authorization))
  const good = credentials.neighbour as string
  const [header = '', payload = '', signature = ''] = good.replace('Bearer ct_', '').split('.')
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
  const head = JSON.parse(Buffer.from(header, 'base64url').toString()) as object
  const expired = (await signCustomerToken(stack.project, 'neighbour', -1)).token
  const other = await stack.addProject('SANDBOX')
  const foreign = (await signCustomerToken({ ...other.project, id: stack.project.id }, 'neighbour', 60)).token
  const theirs = (await signCustomerToken(other.project, 'neighbour', 60)).token
  const forged = {
    expired: `Bearer ${expired}`,
    'another customer': `Bearer ct_${header}.${encode({ ...claims, sub: 'victim' })}.${signature}`,
    'alg none': `Bearer ct_${encode({ ...head, alg: 'none' })}.${payload}.`,
    'alg none with its old signature': `Bearer ct_${encode({ ...head, alg: 'none' })}.${payload}.${signature}`,
    'no signature': `Bearer ct_${header}.${payload}.`,
    "signed with another project's secret": `Bearer ${foreign}`,
    'of a customer its project does not have': `Bearer ${theirs}`,
    'no token': 'Bearer ct_',
    'another scheme': good.replace('Bearer', 'Basic'),
  }
  for (const [what, authorization] of Object.entries(forged))
    expect(await read(authorization), what).toBe('UNAUTHENTICATED')
  expect((await stack.query(`{ billingState(customerId: "neighbour") { version } }`, {}, good)).errors).toEqual([])
})
