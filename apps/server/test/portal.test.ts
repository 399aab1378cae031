import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { billingState, customerToken, dataOf, faultOf } from './calls.ts'
import { CREATE_PORTAL, CREATE_TOKEN, openPortal, PORTAL, RETURN_URL, tokenOf } from './portal-sessions.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await signUp(stack, 'ada')
})
afterAll(() => stack.close())

const HOUR = 3_600_000

async function portalOf(token: string): Promise<Record<string, unknown> | null> {
  const asked = stack.query<{ portal: Record<string, unknown> | null }>(PORTAL, { token }, null)
  return (await dataOf(asked)).portal
}

async function customerTokenOf(token: string): Promise<{ token: string; expiresAt: string }> {
  type Answer = { createPortalToken: { token: string; expiresAt: string } }
  return (await dataOf(stack.query<Answer>(CREATE_TOKEN, { token }, null))).createPortalToken
}

const end = (token: string) =>
  stack.database.query(`update portal_session set expires_at = now() - interval '1 second' where id::text = $1`, [
    token.slice(3, 35).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  ])

test('a session says whose portal it is, for an hour', async () => {
  const begun = Date.now()
  const url = await openPortal(stack, 'ada')
  expect(url).toMatch(new RegExp(`^${stack.url}/portal/ps_[0-9a-f]{32}_[\\w-]{43}$`))
  const portal = await portalOf(tokenOf(url))
  expect(portal).toMatchObject({
    merchant: stack.project.name,
    brand: { name: stack.project.name, color: '#0a6b4b' },
    customerId: 'ada',
    returnUrl: RETURN_URL,
    timezone: 'UTC',
    testMode: true,
    expired: false,
  })
  const lives = Date.parse(portal?.expiresAt as string) - begun
  expect(lives).toBeGreaterThanOrEqual(HOUR)
  expect(lives).toBeLessThan(HOUR + 60_000)
})

test("its tokens are the customer's own, of ten minutes at most", async () => {
  const begun = Date.now()
  const { token, expiresAt } = await customerTokenOf(tokenOf(await openPortal(stack, 'ada')))
  expect(Date.parse(expiresAt) - begun).toBeLessThanOrEqual(601_000)
  const mine = {
    query: <Data>(document: string, variables: object) => stack.query<Data>(document, variables, `Bearer ${token}`),
  }
  expect((await billingState(mine as Stack, 'ada')).balances).toMatchObject([{ available: '5' }])
  const others = stack.query(`{ billingState(customerId: "bob") { version } }`, {}, `Bearer ${token}`)
  expect(await faultOf(others)).toBe('FORBIDDEN')
})

test('a customer opens a portal of their own from the browser', async () => {
  const authorization = await customerToken(stack, 'ada')
  const variables = { customerId: 'ada', returnUrl: RETURN_URL }
  const { createPortalSession } = await dataOf(
    stack.query<{ createPortalSession: { url: string } }>(CREATE_PORTAL, variables, authorization),
  )
  expect(await portalOf(tokenOf(createPortalSession.url))).toMatchObject({ customerId: 'ada' })
})

test('the tokens of a session open no other one: whoever got hold of its address has it for an hour, not for good', async () => {
  const { token } = await customerTokenOf(tokenOf(await openPortal(stack, 'ada')))
  const variables = { customerId: 'ada', returnUrl: RETURN_URL }
  expect(await faultOf(stack.query(CREATE_PORTAL, variables, `Bearer ${token}`))).toBe('FORBIDDEN')
})

test('a session that is over says so, and gives no more tokens', async () => {
  const token = tokenOf(await openPortal(stack, 'ada'))
  await end(token)
  expect(await portalOf(token)).toMatchObject({ expired: true, returnUrl: RETURN_URL })
  expect(await faultOf(stack.query(CREATE_TOKEN, { token }, null))).toBe('UNAUTHENTICATED')
})

test('a link that outlives its session tells nobody who the customer is', async () => {
  const person = { customerName: 'Bea Long', customerEmail: 'bea@example.com' }
  await dataOf(
    stack.query(`mutation { upsertCustomer(input: { id: "bea", name: "Bea Long", email: "bea@example.com" }) { id } }`),
  )
  const token = tokenOf(await openPortal(stack, 'bea'))
  expect(await portalOf(token)).toMatchObject(person)
  await end(token)
  expect(await portalOf(token)).toMatchObject({ expired: true, customerName: null, customerEmail: null })
})

test("revoking the customer's tokens ends their portal sessions", async () => {
  await signUp(stack, 'revoked')
  const token = tokenOf(await openPortal(stack, 'revoked'))
  await dataOf(stack.query(`mutation { revokeCustomerTokens(customerId: "revoked") }`, {}))
  expect(await portalOf(token)).toMatchObject({ expired: true })
  expect(await faultOf(stack.query(CREATE_TOKEN, { token }, null))).toBe('UNAUTHENTICATED')
})

test('a token that is altered, cut, or of another kind opens nothing', async () => {
  const token = tokenOf(await openPortal(stack, 'ada'))
  const last = token.endsWith('A') ? 'B' : 'A'
  for (const attempt of [`${token.slice(0, -1)}${last}`, token.slice(0, -1), token.replace('ps_', 'cs_'), '']) {
    expect(await portalOf(attempt), attempt).toBeNull()
    expect(await faultOf(stack.query(CREATE_TOKEN, { token: attempt }, null)), attempt).toBe('NOT_FOUND token')
  }
})

test("the way back leads to the project's own pages", async () => {
  const open = (returnUrl: string) => stack.query(CREATE_PORTAL, { customerId: 'ada', returnUrl })
  for (const returnUrl of [
    'https://evil.example/',
    'javascript:alert(1)',
    'data:text/html,hello',
    '//evil.example',
    'http://localhost:3000@evil.example/',
    'http://user:secret@localhost:3000/',
    'http://localhost.evil.example/',
    `${stack.url}.evil.example/`,
    '',
  ]) {
    expect(await faultOf(open(returnUrl)), returnUrl).toBe('INVALID_INPUT returnUrl')
  }
  const unknown = stack.query(CREATE_PORTAL, { customerId: 'nobody', returnUrl: RETURN_URL })
  expect(await faultOf(unknown)).toBe('NOT_FOUND customerId')
})

describe('of pages of Florin, the way back leads', () => {
  const created = `mutation { upsertCustomer(input: { id: "ada" }) { id } }`
  // Of a live project: a sandbox takes any page of this machine, and Florin runs on it.
  const openFor = (owner: { secretKey: string }) => {
    const query = <Data>(document: string, variables?: object) =>
      stack.query<Data>(document, variables, `Bearer ${owner.secretKey}`)
    return {
      query,
      ask: (path: string) => query(CREATE_PORTAL, { customerId: 'ada', returnUrl: `${stack.url}${path}` }),
    }
  }

  test("to those of the project's own customers", async () => {
    const live = openFor(await stack.addProject('LIVE'))
    await dataOf(live.query(created))
    await dataOf(live.ask('/checkout/done'))
    const own = new URL(await openPortal(live, 'ada', `${stack.url}/checkout/done`)).pathname
    await dataOf(live.ask(own))
    await dataOf(live.ask(`${own}/top-ups?bought=1#credits`))
  })

  test('to nothing that another project, or a customer of theirs, made to lead on to elsewhere', async () => {
    const live = openFor(await stack.addProject('LIVE'))
    await dataOf(live.query(created))
    const theirs = new URL(await openPortal(stack, 'ada')).pathname
    const checkout = `/checkout/${await openBundleCheckout(stack, 'ada')}`
    const altered = `${theirs.slice(0, -1)}${theirs.endsWith('A') ? 'B' : 'A'}`
    const paths = ['/stripe-sandbox/checkout/cs_test_1', '/graphql', '/', '/portal', '/portal/ps_1', '/portal/done']
    for (const path of [...paths, theirs, altered, `${theirs}/plan`, checkout, `${checkout}/../../graphql`]) {
      expect(await faultOf(live.ask(path)), path).toBe('INVALID_INPUT returnUrl')
    }
  })
})
