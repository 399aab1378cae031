import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'
import { dataOf, faultOf } from './calls.ts'
import {
  CREATE_ENDPOINT,
  createEndpoint,
  type Delivery,
  deliveries,
  type Receiver,
  startReceiver,
  testEndpoint,
} from './receiver.ts'
import { type Stack, startStack } from './stack.ts'

// Where nobody is told: what a URL may not be when it is saved, and where its name may not lead when it is told.

let stack: Stack
let live: string
let receiver: Receiver
/** What names lead to, until a test says otherwise. */
let addresses: Record<string, string[]>
let asked: string[]

beforeAll(async () => {
  const resolveHost = async (hostname: string) => {
    asked.push(hostname)
    const known = addresses[hostname]
    if (!known) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' })
    return known.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  stack = await startStack({ resolveHost })
  live = `Bearer ${(await stack.addProject('LIVE')).secretKey}`
})
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(async () => {
  await stack.close()
  await receiver.close()
})
afterEach(() => {
  addresses = {}
  asked = []
})
addresses = {}
asked = []

const inLive = {
  query: <Data>(document: string, variables: object = {}) => stack.query<Data>(document, variables, live),
}

const PRIVATE = ['10.0.0.1', '127.0.0.1', '169.254.169.254', '192.168.1.1', '100.64.0.1', '0.0.0.0', '224.0.0.1']
const PRIVATE_V6 =
  `::1 :: ::ffff:127.0.0.1 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 fd00:ec2::254
  fe80::1 2001:db8::1 ff02::1`
    .trim()
    .split(/\s+/)

describe('at save', () => {
  const save = (to: typeof inLive, url: string) => faultOf(to.query(CREATE_ENDPOINT, { input: { url } }))

  test.each([
    ...PRIVATE.map((address) => `https://${address}/`),
    ...PRIVATE_V6.map((address) => `https://[${address}]/`),
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://①②⑦.0.0.1/',
    'https://127。0。0。1/',
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://app.localhost/',
    'https://intranet/',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'http://example.com/',
    'http://localhost:3000/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'javascript:alert(1)',
    '//example.com/',
    'https:/example.com/',
    'https:example.com',
    'https://',
    'https://example.com:22/',
    'https://example.com:0/',
    'https://example.com:80/',
    'https://example.com:99999/',
    'https://user@example.com/',
    'https://user:password@example.com/',
    'https://example.com\\@127.0.0.1/',
    'https://example.com@127.0.0.1/',
    'https://exa mple.com/',
    'https://example.com/\u0000',
    `https://example.com/${'a'.repeat(2_048)}`,
  ])('T06 a LIVE project is refused %s', async (url) => {
    expect(await save(inLive, url)).toBe('INVALID_INPUT url')
  })

  test.each([
    ['one private address', ['10.0.0.1']],
    ['a private address among public ones', ['1.1.1.1', '127.0.0.1']],
    ['NAT64', ['64:ff9b::a9fe:a9fe']],
  ])('T06 a name that leads to %s is refused', async (_, found) => {
    addresses = { 'hooks.example.com': found }
    expect(await save(inLive, 'https://hooks.example.com/')).toBe('INVALID_INPUT url')
  })

  test('a name that leads nowhere for now is taken: it is looked at again when it is told', async () => {
    const { endpoint } = await createEndpoint(inLive, { url: 'https://new.example.com/a?b=c#d' })
    expect(endpoint.url).toBe('https://new.example.com/a?b=c')
    expect(asked).toEqual(['new.example.com'])
  })

  test('a SANDBOX on its own machine may be told there, at ports of programs, and nowhere else that is private', async () => {
    addresses = { localhost: ['127.0.0.1', '::1'] }
    for (const url of [
      'http://localhost:3000/',
      'https://localhost/',
      'http://127.0.0.1:8080/',
      'http://[::1]:8080/',
    ]) {
      expect((await createEndpoint(stack, { url })).endpoint.url).toBe(url)
    }
    const refused = [
      'http://127.0.0.1:22/',
      'http://10.0.0.1:3000/',
      'http://169.254.169.254/',
      'https://[::ffff:7f00:1]/',
    ]
    for (const url of refused) expect(await save(stack, url)).toBe('INVALID_INPUT url')
    addresses = { localhost: ['169.254.169.254'] }
    expect(await save(stack, 'http://localhost:3000/')).toBe('INVALID_INPUT url')
  })
})

describe('at send', () => {
  const reach = () => receiver.url.replace('127.0.0.1', 'localhost')

  it('T07 dials exactly the address that was checked', async () => {
    const elsewhere = await startReceiver('127.0.0.2')
    const port = new URL(elsewhere.url).port
    addresses = { localhost: ['127.0.0.2'] }
    const { endpoint } = await createEndpoint(stack, { url: `http://localhost:${port}/` })
    asked = []
    expect((await testEndpoint(stack, endpoint.id)).status).toBe('SUCCEEDED')
    expect(asked).toEqual(['localhost'])
    expect(elsewhere.received).toHaveLength(1)
    await elsewhere.close()
  })

  it.each([
    ...PRIVATE.filter((address) => !address.startsWith('127.')),
    ...PRIVATE_V6.filter((address) => address !== '::1'),
  ])('T06 T07 does not dial %s, though the name led elsewhere at save', async (address) => {
    addresses = { localhost: ['127.0.0.1'] }
    const { endpoint } = await createEndpoint(stack, { url: reach() })
    addresses = { localhost: ['127.0.0.1', address] }
    expect((await testEndpoint(stack, endpoint.id)).attempts[0]).toMatchObject({
      responseStatus: null,
      error: 'localhost does not lead to a public address',
    })
    expect(receiver.received).toEqual([])
  })

  it('T07 does not dial loopback for a name that led to the internet at save, in a LIVE project or a SANDBOX', async () => {
    const { port } = new URL(receiver.url)
    const url = `https://rebound.example.com:${port}/`
    for (const to of [inLive, stack]) {
      addresses = { 'rebound.example.com': ['93.184.215.14'] }
      const { endpoint } = await createEndpoint(to, { url })
      addresses = { 'rebound.example.com': ['127.0.0.1'] }
      expect((await testEndpoint(to, endpoint.id)).attempts[0]?.error).toBe(
        'rebound.example.com does not lead to a public address',
      )
    }
    expect(receiver.received).toEqual([])
  })

  it('T09 tells nothing of a blocked target, and what was answered to the owner only', async () => {
    addresses = { localhost: ['127.0.0.1'] }
    const { endpoint } = await createEndpoint(stack, { url: reach() })
    receiver.answers.push((res) => res.writeHead(200).end(`secret ${'é'.repeat(10_000)}`))
    const answered = await testEndpoint(stack, endpoint.id)
    expect(Buffer.byteLength(answered.responseBody as string)).toBeLessThanOrEqual(1_024)
    expect(answered.responseBody).toMatch(/^secret é+$/)
    addresses = { localhost: ['10.0.0.1'] }
    const blocked = await testEndpoint(stack, endpoint.id)
    expect(blocked).toMatchObject({ status: 'FAILED', responseStatus: null, responseBody: null })
    expect(blocked.attempts.map(({ responseBody, error }) => [responseBody, error?.includes('10.')])).toEqual([
      [null, false],
    ])

    expect((await deliveries(stack, endpoint.id)).map(({ id }) => id)).toEqual([blocked.id, answered.id])
    const all = `{ webhookDeliveries { nodes { id } } }`
    const { webhookDeliveries } = await dataOf(inLive.query<{ webhookDeliveries: { nodes: Delivery[] } }>(all))
    const foreign = webhookDeliveries.nodes.map(({ id }) => id)
    expect(foreign).not.toContain(answered.id)
    const read = `query ($id: ID!) { webhookDeliveries(endpointId: $id) { nodes { id } } }`
    expect(await faultOf(inLive.query(read, { id: endpoint.id }))).toBe('NOT_FOUND endpointId')
    const again = `mutation ($id: ID!) { redeliverWebhook(deliveryId: $id) { id } }`
    expect(await faultOf(inLive.query(again, { id: answered.id }))).toBe('NOT_FOUND deliveryId')
  })
})
