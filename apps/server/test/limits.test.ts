import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { customerToken } from './calls.ts'
import { countOwnRows, sumVersions } from './rows.ts'
import { type Stack, startStack } from './stack.ts'
import { askOver, post, TRANSPORTS } from './transports.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await signUp(stack, 'ada')
})
afterAll(() => stack.close())

async function written(): Promise<unknown> {
  return [await countOwnRows(stack.database), await sumVersions(stack.database)]
}

const nest = (depth: number, open: string, inner: string, close: string) =>
  open.repeat(depth) + inner + close.repeat(depth)
const many = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join(' ')

/** Fragments that each spread the next one twice: as many visits as 2 to the power of `count`. */
const doubling = (count: number, last: string) =>
  `{ ...f0 } ${many(count, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)} ${last}`

const state = `billingState(customerId: "ada")`
const deepState = `{ ${state} { balances { grants { wallet { id } } } subscriptions { rateCard { bundles { price { amount } } } } } }`
const deep = (levels: number) => `{ customer(id: "ada") ${nest(levels - 1, '{ billingState ', '{ version }', '}')} }`

const TOO_COMPLEX: Record<string, string> = {
  'more than 10 levels': deep(10),
  'more than 10 levels behind inline fragments': `{ customer(id: "ada") ${nest(10, '{ ... { billingState ', '{ version }', '} }')} }`,
  '31 aliases': `{ ${many(31, (i) => `a${i}: clock`)} }`,
  '31 aliases behind a fragment': `{ ...f } fragment f on Query { ${many(31, (i) => `a${i}: clock`)} }`,
  '31 aliases of one mutation': `mutation { ${many(31, (i) => `a${i}: revokeCustomerTokens(customerId: "ada")`)} }`,
  'pages of pages': `{ ${many(30, (i) => `a${i}: ledger(customerId: "ada", first: 100) { nodes { id kind amount version cause creditType grantId } }`)} }`,
  'pages of pages, their size in a variable': `query ($n: Int = 100) { ${many(30, (i) => `a${i}: ledger(customerId: "ada", first: $n) { nodes { id kind amount version cause creditType grantId } }`)} }`,
  'fragments that double 40 times': doubling(40, 'fragment f40 on Query { clock }'),
  'fragments that double 40 times around nothing': doubling(40, 'fragment f40 on Query { ...missing }'),
  'fragments that double 40 times in a circle': doubling(40, 'fragment f40 on Query { ...f0 }'),
  '8,000 times the same field': `{ ${'clock '.repeat(8_000)} }`,
  '40,000 fields': `{ ${'clock '.repeat(40_000)} }`,
  '9,000 levels of fields': nest(9_000, '{ a ', '{ a }', '}'),
  '14,000 levels of lists': `{ check(customerId: "ada", meter: "m", properties: ${nest(14_000, '[', '1', ']')}) { allowed } }`,
  '7,000 levels of objects': `{ check(customerId: "ada", meter: "m", properties: ${nest(7_000, '{ a: ', '1', '}')}) { allowed } }`,
  '14,000 levels of list types': `query ($a: ${nest(14_000, '[', 'Int', ']')}) { clock }`,
}

describe.each(TRANSPORTS)('T11 over $name', (transport) => {
  test.each(Object.keys(TOO_COMPLEX))('%s: refused before any work, for whoever asks', async (name) => {
    const before = await written()
    for (const authorization of [null, `Bearer ${stack.secretKey}`]) {
      const answer = await askOver(transport, stack, { document: TOO_COMPLEX[name] as string, authorization })
      expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['QUERY_TOO_COMPLEX'])
      expect(answer.data).toBeNull()
    }
    expect(await written()).toEqual(before)
  })

  test('what stays below the limits is answered', async () => {
    const authorization = `Bearer ${stack.secretKey}`
    for (const document of [deepState, `{ ${many(30, (i) => `a${i}: clock`)} }`]) {
      expect((await askOver(transport, stack, { document, authorization })).errors).toEqual([])
    }
  })

  const SCHEMA = {
    __schema: `{ __schema { queryType { name } } }`,
    '__schema in a fragment': `{ ...f } fragment f on Query { __schema { queryType { name } } }`,
    '__schema in a fragment of a fragment': `{ ...f } fragment f on Query { ... { ...g } } fragment g on Query { __schema { queryType { name } } }`,
    '__schema under an alias': `{ clock2: __schema { queryType { name } } }`,
    __type: `{ __type(name: "Customer") { fields { name } } }`,
    '__schema in another operation': `query A { __schema { queryType { name } } }`,
  }

  test.each(Object.entries(SCHEMA))('%s is for secret keys, and for tokens of sandboxes', async (_, document) => {
    await stack.database.query(`update project set mode = 'LIVE' where id = $1`, [stack.project.id])
    const token = await customerToken(stack, 'ada')
    await stack.database.query(`update project set mode = 'SANDBOX' where id = $1`, [stack.project.id])
    const live = await stack.addProject('LIVE')
    const codes = async (authorization: string | null) =>
      (await askOver(transport, stack, { document, authorization })).errors.map(({ extensions }) => extensions.code)
    expect(await codes(null)).toEqual(['UNAUTHENTICATED'])
    expect(await codes('Bearer sk_test_unknown')).toEqual(['UNAUTHENTICATED'])
    expect(await codes(`Bearer ${live.secretKey}`)).toEqual([])
    expect(await codes(token)).toEqual([])
    expect(await codes(await tokenOfLive(live.secretKey))).toEqual(['FORBIDDEN'])
  })

  async function tokenOfLive(secretKey: string): Promise<string> {
    const to = {
      query: <D>(document: string, variables?: object) => stack.query<D>(document, variables, `Bearer ${secretKey}`),
    }
    await to.query(`mutation { upsertCustomer(input: { id: "live" }) { id } }`)
    return customerToken(to, 'live')
  }

  test('a body of more than 1 MB is HTTP 413, whether or not it says its size', async () => {
    const headers = {
      ...transport.headers,
      authorization: `Bearer ${stack.secretKey}`,
      'content-type': 'application/json',
    }
    const body = JSON.stringify({ query: '{ clock }', variables: { padding: 'x'.repeat(1_048_576) } })
    const sized = await post(stack, body, headers)
    expect([sized.status, sized.errors[0]?.extensions.code]).toEqual([413, 'QUERY_TOO_COMPLEX'])
    const stream = new Blob([body]).stream()
    const unsized: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body: stream, duplex: 'half' }
    const chunked = await fetch(stack.graphqlUrl, unsized)
    expect(chunked.status).toBe(413)
    await chunked.body?.cancel()
  })

  test('a batch of requests is refused', async () => {
    const headers = {
      ...transport.headers,
      authorization: `Bearer ${stack.secretKey}`,
      'content-type': 'application/json',
    }
    const { status, errors } = await post(
      stack,
      JSON.stringify([{ query: '{ clock }' }, { query: '{ clock }' }]),
      headers,
    )
    expect([status, errors.map(({ extensions }) => extensions.code)]).toEqual([400, ['INVALID_INPUT']])
  })
})

describe('T12 what a page of another site can send without asking', () => {
  const mutation = `mutation { upsertCustomer(input: { id: "forged" }) { id } }`
  const bearer = () => ({ authorization: `Bearer ${stack.secretKey}` })

  test.each([
    ['a form', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`],
    ['plain text', 'text/plain', JSON.stringify({ query: mutation })],
    ['JSON that is called GraphQL', 'application/graphql', mutation],
    ['no content type', '', JSON.stringify({ query: mutation })],
    ['JSON hidden in a parameter', 'text/plain; application/json', JSON.stringify({ query: mutation })],
  ])('%s runs nothing', async (_, type, body) => {
    const { status, data } = await post(stack, body, { ...bearer(), 'content-type': type })
    expect([status, data]).toEqual([415, null])
  })

  test('a multipart form runs nothing', async () => {
    const form = new FormData()
    form.set('operations', JSON.stringify({ query: mutation }))
    form.set('map', '{}')
    const { status, data } = await post(stack, form, bearer())
    expect([status, data]).toEqual([415, null])
  })

  test('GET runs no mutation, and runs a query', async () => {
    const get = (query: string) =>
      fetch(`${stack.graphqlUrl}?query=${encodeURIComponent(query)}`, { headers: bearer() })
    expect((await get(mutation)).status).toBe(405)
    const clock = await get('{ clock }')
    expect([clock.status, await clock.json()]).toEqual([200, { data: { clock: expect.any(String) } }])
  })

  test('another origin gets no permission to read, and none is ever given to cookies', async () => {
    const answer = async (origin: string, method: string) => {
      const init = { method, headers: { ...bearer(), origin, 'content-type': 'application/json' } }
      const body = method === 'POST' ? { body: JSON.stringify({ query: '{ clock }' }) } : {}
      const { headers, ...response } = await fetch(stack.graphqlUrl, { ...init, ...body })
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      return { allowed: headers.get('access-control-allow-origin'), ...response }
    }
    for (const method of ['POST', 'OPTIONS']) {
      for (const origin of [
        'https://evil.example',
        'null',
        'http://localhost.evil.example',
        `${stack.url}.evil.example`,
      ]) {
        expect((await answer(origin, method)).allowed, `${method} ${origin}`).toBeNull()
      }
      expect((await answer('http://localhost:5173', method)).allowed).toBe('http://localhost:5173')
    }
  })

  test('nothing was written', async () => {
    const rows = await stack.database.query(`select 1 from customer where id = 'forged'`)
    expect(rows).toEqual([])
  })
})

test.each([
  '//',
  '/%',
  '/\\',
  '/checkout/%',
  '/pages/%',
  '/pages/..%2f..%2fpackage.json',
  '/pages/../../../etc/passwd',
])('the path %s harms nobody', async (path) => {
  const { connect } = await import('node:net')
  const { port } = new URL(stack.url)
  const status = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    })
    let text = ''
    socket.on('data', (data) => (text += data))
    socket.on('close', () => resolve(text.slice(9, 12)))
    socket.on('error', reject)
  })
  expect(status).toMatch(/^(404|400)$/)
  expect((await fetch(`${stack.url}/health`)).status).toBe(200)
})
