import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerToken, dataOf, faultOf, upsertCustomer } from './calls.ts'
import { newestInvoice } from './invoice-links.ts'
import { advanceToPeriodEnd, start } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

const ADDRESS = `address { line1 line2 city postalCode state country }`
const PARTY = `name email ${ADDRESS} taxId`
const SET_SELLER = `mutation ($input: SellerInput!) { setSeller(input: $input) { legalName ${ADDRESS} taxId } }`
const SELLER = `{ seller { legalName ${ADDRESS} taxId } }`
const UPSERT = `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { name email ${ADDRESS} taxId } }`
const SET_DETAILS = `mutation ($input: BillingDetailsInput!) { setBillingDetails(input: $input) { name email ${ADDRESS} taxId } }`
const DETAILS = `query ($id: ID!) { billingDetails(customerId: $id) { name email ${ADDRESS} taxId } }`
const PARTIES = `query ($id: ID!) { invoices(customerId: $id) { nodes { seller { ${PARTY} } buyer { ${PARTY} } } } }`

const BERLIN = { line1: 'Torstr. 1', line2: null, city: 'Berlin', postalCode: '10119', state: null, country: 'DE' }
const MADRID = { line1: 'Gran Vía 1', line2: '3º', city: 'Madrid', postalCode: '28013', state: null, country: 'ES' }

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const setSeller = async (input: object) =>
  (await dataOf(stack.query<{ setSeller: object }>(SET_SELLER, { input }))).setSeller
const upsert = async (input: object) =>
  (await dataOf(stack.query<{ upsertCustomer: object }>(UPSERT, { input }))).upsertCustomer
const setDetails = async (input: { customerId: string }) => {
  const token = await customerToken(stack, input.customerId)
  return (await dataOf(stack.query<{ setBillingDetails: object }>(SET_DETAILS, { input }, token))).setBillingDetails
}

interface Parties {
  readonly seller: object
  readonly buyer: object
}

/** Of a customer's invoices, newest first. */
const partiesOf = async (id: string) =>
  (await dataOf(stack.query<{ invoices: { nodes: Parties[] } }>(PARTIES, { id }))).invoices.nodes

describe('the seller', () => {
  it("has the project's name, then the brand's, until one is set", async () => {
    const { secretKey } = await stack.addProject('SANDBOX')
    const ask = <Data>(document: string, variables: object = {}) =>
      dataOf(stack.query<Data>(document, variables, `Bearer ${secretKey}`))
    const name = async () => (await ask<{ seller: { legalName: string } }>(SELLER)).seller.legalName
    expect(await name()).toBe('Another')
    await ask(`mutation { setBrand(input: { name: "Persona" }) { name } }`)
    expect(await name()).toBe('Persona')
    await ask(SET_SELLER, { input: { legalName: ' Persona Labs GmbH ' } })
    expect(await name()).toBe('Persona Labs GmbH')
    await ask(SET_SELLER, { input: { legalName: null } })
    expect(await name()).toBe('Persona')
  })

  it('keeps what is left out, and removes what is null', async () => {
    const all = { legalName: 'Persona Labs GmbH', address: BERLIN, taxId: ' de 136 695 976 ' }
    expect(await setSeller(all)).toEqual({ ...all, taxId: 'DE136695976' })
    expect(await setSeller({ taxId: null })).toEqual({ ...all, taxId: null })
    expect(await setSeller({ address: null, taxId: 'DE136695976' })).toEqual({
      legalName: 'Persona Labs GmbH',
      address: null,
      taxId: 'DE136695976',
    })
  })
})

describe('billing details', () => {
  it('are set by the backend, which keeps what it leaves out', async () => {
    const all = { name: 'Ada Lovelace', email: 'ada@example.com', address: MADRID, taxId: 'ESB58378431' }
    expect(await upsert({ id: 'booked', ...all })).toEqual(all)
    expect(await upsert({ id: 'booked', timezone: 'Europe/Madrid' })).toEqual(all)
    expect(await upsert({ id: 'booked', address: null, taxId: null })).toEqual({ ...all, address: null, taxId: null })
  })

  it('are set by the customer, for themselves, and read back', async () => {
    await upsertCustomer(stack, 'own')
    const all = { name: 'Ada SL', email: 'billing@ada.example', address: MADRID, taxId: 'ESB58378431' }
    expect(await setDetails({ customerId: 'own', ...all })).toEqual(all)
    expect(await setDetails({ customerId: 'own', email: null } as never)).toEqual({ ...all, email: null })
    const token = await customerToken(stack, 'own')
    const { billingDetails } = await dataOf(stack.query<{ billingDetails: object }>(DETAILS, { id: 'own' }, token))
    expect(billingDetails).toEqual({ ...all, email: null })
  })

  it('look at a tax id by the country of the address beside it', async () => {
    const mexico = { ...MADRID, city: 'CDMX', country: 'MX' }
    expect(await upsert({ id: 'mexican', address: mexico, taxId: 'del850101ab1' })).toMatchObject({
      taxId: 'DEL850101AB1',
    })
    expect(await upsert({ id: 'mexican', taxId: 'DEL850101AB2' })).toMatchObject({ taxId: 'DEL850101AB2' })
    const elsewhere = { id: 'mexican', address: BERLIN, taxId: 'DEL850101AB1' }
    expect(await faultOf(stack.query(UPSERT, { input: elsewhere }))).toBe('INVALID_INPUT taxId')
  })

  it("tell a customer's browser neither the seller's notes nor who stands above", async () => {
    await upsert({ id: 'above', name: 'Group', email: 'group@example.com' })
    await upsert({ id: 'below', metadata: { note: 'difficult' }, parentId: 'above' })
    const document = `mutation { setBillingDetails(input: { customerId: "below" }) { metadata parent { email } } }`
    const asked = await dataOf(stack.query<object>(document, {}, await customerToken(stack, 'below')))
    expect(asked).toEqual({ setBillingDetails: { metadata: null, parent: null } })
    expect(await dataOf(stack.query<object>(document))).toEqual({
      setBillingDetails: { metadata: { note: 'difficult' }, parent: { email: 'group@example.com' } },
    })
  })
})

/** Gives a customer's invoice other parties, or none, which the database refuses to everybody. */
async function pastTheTrigger(id: string, parties: Parties | null): Promise<void> {
  await stack.database.query(
    `with past as (select set_config('session_replication_role', 'replica', true))
     update invoice i set seller = $2::jsonb, buyer = $3::jsonb from customer c, past
     where c.pk = i.customer_pk and c.id = $1`,
    [id, parties && JSON.stringify(parties.seller), parties && JSON.stringify(parties.buyer)],
  )
}

describe('an invoice', () => {
  it('keeps seller and buyer as they were when it was issued, and the next one has what is known then', async () => {
    await setSeller({ legalName: 'Before GmbH', address: BERLIN, taxId: 'DE136695976' })
    await upsert({ id: 'moving', name: 'Ada', email: 'ada@example.com', address: MADRID, taxId: 'ESB58378431' })
    await start(stack, 'moving', 'premium')
    const first = {
      seller: { name: 'Before GmbH', email: null, address: BERLIN, taxId: 'DE136695976' },
      buyer: { name: 'Ada', email: 'ada@example.com', address: MADRID, taxId: 'ESB58378431' },
    }
    expect(await partiesOf('moving')).toEqual([first])
    await setSeller({ legalName: 'After GmbH', address: null, taxId: null })
    await setDetails({ customerId: 'moving', name: 'Ada SL', address: null, taxId: null } as never)
    expect(await partiesOf('moving')).toEqual([first])
    await advanceToPeriodEnd(stack, 'moving')
    expect(await partiesOf('moving')).toEqual([
      {
        seller: { name: 'After GmbH', email: null, address: null, taxId: null },
        buyer: { name: 'Ada SL', email: 'ada@example.com', address: null, taxId: null },
      },
      first,
    ])
  })

  it('names a buyer who never said a name by what is known', async () => {
    await start(stack, 'nameless', 'premium')
    expect((await partiesOf('nameless'))[0]?.buyer).toMatchObject({ name: 'nameless', email: null })
  })

  it('of before parties were kept reads what is known now', async () => {
    await start(stack, 'old', 'premium')
    const kept = (await partiesOf('old'))[0] as Parties
    await pastTheTrigger('old', null)
    await upsert({ id: 'old', name: 'Grace', address: MADRID })
    expect((await partiesOf('old'))[0]).toMatchObject({
      seller: { name: 'After GmbH' },
      buyer: { name: 'Grace', address: MADRID },
    })
    await pastTheTrigger('old', kept)
  })

  it('has its parties kept by the database, also from whoever writes past the API', async () => {
    const change = `update invoice set buyer = buyer || '{ "name": "Another" }' where buyer->>'name' = 'nameless'`
    await expect(stack.database.query(change)).rejects.toThrow('stay as they are')
  })

  it('shows them on its page, which needs nothing but its link', async () => {
    const { token } = await newestInvoice(stack, 'moving')
    const document = `query ($token: String!) { invoice(token: $token) { seller { ${PARTY} } buyer { ${PARTY} } } }`
    const { invoice } = await dataOf(stack.query<{ invoice: Parties }>(document, { token }, null))
    expect(invoice).toEqual((await partiesOf('moving'))[0])
  })
})

describe('the tax on prices', () => {
  const TAX = `query ($id: ID!) { taxRate(customerId: $id) { name percent mode } }`
  const taxOf = async (id: string) => {
    const token = await customerToken(stack, id)
    return (await dataOf(stack.query<{ taxRate: object | null }>(TAX, { id }, token))).taxRate
  }

  it("is the customer's own, else the project's, and none for who is exempt", async () => {
    await upsertCustomer(stack, 'taxed')
    expect(await taxOf('taxed')).toBeNull()
    const set = `mutation ($input: TaxRateInput) { setTaxRate(input: $input) { percent } }`
    await dataOf(stack.query(set, { input: { name: 'Sales tax', percent: '8.25' } }))
    expect(await taxOf('taxed')).toEqual({ name: 'Sales tax', percent: '8.25', mode: 'EXCLUSIVE' })
    await upsert({ id: 'taxed', taxRate: { name: 'IVA', percent: '21', mode: 'INCLUSIVE' } })
    expect(await taxOf('taxed')).toEqual({ name: 'IVA', percent: '21', mode: 'INCLUSIVE' })
    await upsert({ id: 'taxed', taxRate: { percent: '0' } })
    expect(await taxOf('taxed')).toBeNull()
    await dataOf(stack.query(set, { input: null }))
  })
})
