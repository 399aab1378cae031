import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from './ask.ts'
import { BAD_INPUTS, CHECK, event, NUL } from './bad-inputs.ts'
import {
  billingState,
  CONSUME,
  consume,
  customerToken,
  grantCredits,
  RECORD_USAGE,
  recordUsage,
  upsertCustomer,
} from './calls.ts'
import { countOwnRows, sumVersions } from './rows.ts'
import { purchaseBundle, subscribe } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { askOver, post, TRANSPORTS } from './transports.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  const customerId = 'ada'
  await signUp(stack, customerId)
  await signUp(stack, 'grace')
  const tokens = { code: 'tokens', name: 'Tokens' }
  await stack.query(`mutation ($input: CreditTypeInput!) { defineCreditType(input: $input) { code } }`, {
    input: tokens,
  })
  // Keys that are used again with another input.
  await consume(stack, { customerId, idempotencyKey: 'used' })
  await recordUsage(stack, [{ customerId, idempotencyKey: 'used', value: '1' }])
  await grantCredits(stack, { customerId, amount: '1', idempotencyKey: 'used' })
  await signUp(stack, 'alan', 'prepaid')
  await upsertCustomer(stack, 'edsger')
  await subscribe(stack, { customerId: 'edsger', rateCard: 'free', idempotencyKey: 'used' })
  await purchaseBundle(stack, 'edsger', 'used')
})
afterAll(() => stack.close())

async function written(): Promise<unknown> {
  return [await countOwnRows(stack.database), await sumVersions(stack.database)]
}

/** What failed, and that nothing of the server's inside is shown. */
function faultIn({ status, errors, text }: Answer<unknown>): string {
  expect(status).toBeLessThan(500)
  expect(text).not.toMatch(/node_modules|\.ts:\d|stacktrace|"stack"|select |insert /)
  const [error] = errors
  expect(errors, text).toHaveLength(1)
  const { code, field } = error?.extensions ?? { code: 'none' }
  return field === undefined ? code : `${code} ${field}`
}

describe.each(TRANSPORTS)('over $name', (transport) => {
  test.each(Object.entries(BAD_INPUTS))('%s', async (_, { document, variables, fault, as }) => {
    const before = await written()
    const authorization =
      as === 'nobody' ? null : as === 'ada' ? await customerToken(stack, 'ada') : `Bearer ${stack.secretKey}`
    expect(faultIn(await askOver(transport, stack, { document, variables, authorization }))).toBe(fault)
    expect(await written()).toEqual(before)
  })

  const json = () => ({
    ...transport.headers,
    authorization: `Bearer ${stack.secretKey}`,
    'content-type': 'application/json',
  })
  const consumeWith = (quantity: string) =>
    `{"query":${JSON.stringify(CONSUME)},"variables":{"input":{"customerId":"ada","meter":"character_generation","idempotencyKey":"new","quantity":${quantity}}}}`

  test.each([
    ['1e400 as a JSON number', consumeWith('1e400'), 'INVALID_INPUT quantity'],
    ['-1e400 as a JSON number', consumeWith('-1e400'), 'INVALID_INPUT quantity'],
    ['an integer with an exponent beyond 2^53', consumeWith('1e30'), 'INVALID_INPUT quantity'],
    ['malformed JSON', '{"query":', 'INVALID_INPUT'],
    ['no body', '', 'INVALID_INPUT'],
    ['a JSON list', '[]', 'INVALID_INPUT'],
    ['a JSON text', '"{ clock }"', 'INVALID_INPUT'],
    ['JSON null', 'null', 'INVALID_INPUT'],
    ['no query', '{"variables":{}}', 'INVALID_INPUT'],
    ['a query that is no text', '{"query":5}', 'INVALID_INPUT'],
    ['variables that are a list', '{"query":"{ clock }","variables":[]}', 'INVALID_INPUT'],
    ['variables that are text', '{"query":"{ clock }","variables":"{}"}', 'INVALID_INPUT'],
    ['an operation that is not there', '{"query":"query A { clock }","operationName":"B"}', 'INVALID_INPUT'],
    ['two operations and no name', '{"query":"query A { clock } query B { clock }"}', 'INVALID_INPUT'],
    [
      'properties that are nested 100,000 deep',
      `{"query":${JSON.stringify(CHECK)},"variables":{"customerId":"ada","meter":"character_generation","properties":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`,
      'INVALID_INPUT properties',
    ],
  ])('%s', async (_, body, fault) => {
    const before = await written()
    expect(faultIn(await post(stack, body, json()))).toBe(fault)
    expect(await written()).toEqual(before)
  })

  test('a subscription that asks for no stream is refused', async () => {
    const body = '{"query":"subscription { billingState(customerId: \\"ada\\") { version } }"}'
    const { status, errors } = await post(stack, body, json())
    // The media type for single answers has no word for a stream: HTTP itself refuses it.
    const expected = transport.name === 'Yoga' ? [406, []] : [200, ['INVALID_INPUT']]
    expect([status, errors.map(({ extensions }) => extensions.code)]).toEqual(expected)
  })

  test('one bad event of a batch is rejected alone, whatever is bad about it', async () => {
    const bad = {
      'unknown customer': [{ customerId: 'nobody' }, 'NOT_FOUND', 'customerId'],
      'a customer id with a NUL': [{ customerId: NUL }, 'NOT_FOUND', 'customerId'],
      'no meter': [{ eventName: 'nothing' }, 'NO_METER', 'eventName'],
      'an event name with a NUL': [{ eventName: NUL }, 'NO_METER', 'eventName'],
      'an empty key': [{ idempotencyKey: '' }, 'INVALID_INPUT', 'idempotencyKey'],
      'a known key with another value': [
        { idempotencyKey: 'used', value: '5' },
        'IDEMPOTENCY_CONFLICT',
        'idempotencyKey',
      ],
      'no value': [{ value: null }, 'INVALID_INPUT', 'properties.value'],
      'a negative value': [{ value: '-1' }, 'INVALID_INPUT', 'value'],
      'a value that is no decimal': [{ value: 'many' }, 'INVALID_INPUT', 'value'],
      'a value of 10 decimals': [{ value: '0.0000000001' }, 'INVALID_INPUT', 'value'],
      'no instant': [{ timestamp: 'yesterday' }, 'INVALID_INPUT', 'timestamp'],
      'too late': [{ timestamp: '2001-01-01T00:00:00Z' }, 'INVALID_INPUT', 'timestamp'],
      'of the future': [{ timestamp: '2999-01-01T00:00:00Z' }, 'INVALID_INPUT', 'timestamp'],
      'properties that are a list': [{ properties: [] }, 'INVALID_INPUT', 'properties'],
      'a property with a NUL': [{ properties: { model: NUL } }, 'INVALID_INPUT', 'properties'],
      'a property that is half a character': [{ properties: { model: '\ud800' } }, 'INVALID_INPUT', 'properties'],
    } as const
    const name = transport.name
    const events = Object.entries(bad).map(([what, [more]], index) => ({
      ...event,
      idempotencyKey: `${name} bad ${index}`,
      ...(more as object),
      what,
    }))
    const good = { ...event, customerId: 'alan', value: '0.5' }
    const batch = [
      { ...good, idempotencyKey: `${name} first` },
      ...events.map(({ what: _, ...rest }) => rest),
      { ...good, idempotencyKey: `${name} last` },
    ]
    const { data, text } = await askOver<{
      recordUsage: { results: { status: string; error: { code: string; field: string } | null }[] }
    }>(transport, stack, {
      document: RECORD_USAGE,
      variables: { events: batch },
      authorization: `Bearer ${stack.secretKey}`,
    })
    const results = data?.recordUsage.results ?? expect.fail(text)
    expect([results[0]?.status, results.at(-1)?.status]).toEqual(['RECORDED', 'RECORDED'])
    const told = Object.keys(bad).map((what, index) => [
      what,
      results[index + 1]?.error?.code,
      results[index + 1]?.error?.field,
    ])
    expect(told).toEqual(Object.entries(bad).map(([what, [, code, field]]) => [what, code, field]))
    expect((await billingState(stack, 'ada')).balances).toMatchObject([{ available: '4' }])
  })
})
