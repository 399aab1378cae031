import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { eventOf, signatureOf } from './provider.ts'
import { countRows } from './rows.ts'
import { type Stack, startStack, WEBHOOK_PATH, WEBHOOK_SECRET } from './stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const EVENT = JSON.parse(eventOf('evt_request', 'charge.succeeded', 'unknown')) as object

/** Posts an event with a right signature. Answers the status and what it said. */
async function post(
  change: object,
  { body, headers }: { body?: string | Uint8Array<ArrayBuffer>; headers?: object } = {},
) {
  const payload = body ?? JSON.stringify({ ...EVENT, ...change })
  const response = await fetch(`${stack.url}${WEBHOOK_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signatureOf(payload.toString()), ...headers },
    body: payload,
  })
  return `${response.status} ${(await response.text()).trim()}`
}

/** What comes back when these bytes are sent on a connection, until it is closed. */
async function exchange(head: string, body = ''): Promise<string> {
  const socket = connect(Number(new URL(stack.url).port), '127.0.0.1')
  socket.on('error', () => {})
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.write(head + body)
  await new Promise((resolve) => socket.once('close', resolve))
  return answer
}

const HEAD = `POST ${WEBHOOK_PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nstripe-signature: t=1,v1=00\r\n`

describe('what is no event of ours is refused with a reason, and nothing is stored', () => {
  it.each([
    [
      'a thin event',
      { object: 'v2.core.event', data: undefined },
      '400 this is a thin event: let the event destination send snapshot events',
    ],
    ['another object', { object: 'charge' }, '400 the webhook is signed, and its body is no event'],
    ['no id', { id: undefined }, '400 the id of an event is evt_…'],
    ['an id of another kind', { id: 'ch_1' }, '400 the id of an event is evt_…'],
    ['a long id', { id: `evt_${'1'.repeat(300)}` }, '400 the id of an event is evt_…'],
    ['a type that is none', { type: 'Charge succeeded' }, '400 evt_request has no type'],
    ['no time', { created: undefined }, '400 evt_request does not say when it happened'],
    ['no subject', { data: {} }, '400 evt_request is about nothing'],
    [
      'text that no database keeps',
      { data: { object: { id: 'a\0b' } } },
      `400 evt_request has text that can't be stored`,
    ],
    ['live mode', { livemode: true }, '400 evt_request is of live mode, and STRIPE_SECRET_KEY is not'],
    ['another account', { account: 'acct_other' }, '400 evt_request is of another account than STRIPE_SECRET_KEY'],
    ['another context', { context: 'acct_other' }, '400 evt_request is of another account than STRIPE_SECRET_KEY'],
  ])('%s', async (_, change, answer) => {
    const before = await countRows(stack.database)
    expect(await post(change)).toBe(answer)
    expect(await countRows(stack.database)).toEqual(before)
  })

  it.each([
    ['rubbish', '{ "object": "event", '],
    ['a list', '[]'],
    ['null', 'null'],
    ['nothing', ''],
  ])('%s instead of an event', async (_, body) => {
    const before = await countRows(stack.database)
    expect(await post({}, { body })).toMatch(/^400 the webhook is signed, and its body is no /)
    expect(await countRows(stack.database)).toEqual(before)
  })

  it.each([
    ['another method', { method: 'PUT' }, 405],
    ['a read', { method: 'GET', body: null }, 405],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['no content type', { headers: {} }, 415],
    [
      'a compressed body',
      { body: gzipSync('{}'), headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
      415,
    ],
    ['no signature', { headers: { 'content-type': 'application/json' } }, 401],
  ])('%s', async (_, request, status) => {
    const before = await countRows(stack.database)
    const response = await fetch(`${stack.url}${WEBHOOK_PATH}`, { method: 'POST', body: Buffer.from('{}'), ...request })
    expect(response.status).toBe(status)
    expect(await countRows(stack.database)).toEqual(before)
  })

  it('5 MB are refused before they are sent', async () => {
    expect(await exchange(`${HEAD}content-length: 5000000\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /)
  })

  it('a body of which nobody said how large it is, as soon as it is too large', async () => {
    const chunk = `186a0\r\n${'x'.repeat(100_000)}\r\n`
    expect(await exchange(`${HEAD}transfer-encoding: chunked\r\n\r\n`, chunk.repeat(11))).toMatch(/^HTTP\/1.1 413 /)
  })

  it('a body that never ends to arrive', async () => {
    expect(await exchange(`${HEAD}content-length: 100\r\n\r\n`, '{')).toMatch(/^HTTP\/1.1 408 /)
  })
})

test('an event that names its own account is taken, and one of another version as well, with one warning', async () => {
  const warnings = () => stack.logged.filter((line) => line.includes('2019-01-01'))
  expect(await post({ id: 'evt_own', account: 'acct_1StripeSandbox00', context: 'acct_1StripeSandbox00' })).toBe('200 ')
  for (const id of ['evt_older_1', 'evt_older_2']) expect(await post({ id, api_version: '2019-01-01' })).toBe('200 ')
  expect(warnings()).toHaveLength(1)
})

test('no log tells a secret or a signature, and what is refused is logged once a minute', () => {
  const told = stack.logged.filter((line) => line.includes('a webhook of the payment provider is refused'))
  const times = told.map((line) => Number((JSON.parse(line) as { time: number }).time))
  expect(times.length).toBeGreaterThan(0)
  for (const [index, time] of times.slice(1).entries()) expect(time - (times[index] ?? 0)).toBeGreaterThan(59_000)
  expect(stack.logged.join('')).not.toMatch(new RegExp(`${WEBHOOK_SECRET}|v1=`))
})

describe('P31 a process with a key of the provider does not start without a secret for its events', () => {
  const secretsOf = (STRIPE_WEBHOOK_SECRET?: string) =>
    readConfig({
      STRIPE_SECRET_KEY: 'sk_live_1',
      ...(STRIPE_WEBHOOK_SECRET === undefined ? {} : { STRIPE_WEBHOOK_SECRET }),
    }).stripeWebhookSecrets

  it.each([
    [' whsec_a ', ['whsec_a']],
    ['whsec_a,whsec_b', ['whsec_a', 'whsec_b']],
    [' whsec_a , whsec_b\n', ['whsec_a', 'whsec_b']],
    ['whsec_a,', ['whsec_a']],
  ])('%j', (text, secrets) => expect(secretsOf(text)).toEqual(secrets))

  it.each([undefined, '', ' ', ' , '])('%j is missing', (text) => {
    expect(() => secretsOf(text)).toThrow('STRIPE_WEBHOOK_SECRET is missing')
  })

  it.each(['hunter2', 'whsec_', 'whsec_a whsec_b', 'whsec_a,hunter2', 'whsec_a,whsec_b,whsec_c'])(
    '%j is none',
    (text) => {
      expect(() => secretsOf(text)).toThrow(
        /^STRIPE_WEBHOOK_SECRET is not a signing secret: give one that begins with whsec_, or/,
      )
    },
  )
})
