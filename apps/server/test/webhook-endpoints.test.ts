import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { forgetOldEvents } from '../src/modules/webhooks/outbound/forget-old-events.ts'
import { firstIdAt } from '../src/platform/ids.ts'
import { atOnce, until } from './at-once.ts'
import { grantCredits } from './calls.ts'
import {
  createEndpoint,
  deliveries,
  endpoints,
  type Receiver,
  redeliver,
  replay,
  rotateSecret,
  startReceiver,
  testEndpoint,
  verified,
  withEndpoint,
} from './receiver.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let receiver: Receiver
let signUps = 0

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())
afterEach(async () => {
  for (const { id } of await endpoints(stack)) await withEndpoint(stack, 'deleteWebhookEndpoint', id)
  await receiver.close()
})

/** An endpoint at a new receiver, told when somebody subscribes. */
async function listen(input: object = {}) {
  receiver = await startReceiver()
  return createEndpoint(stack, { url: receiver.url, types: ['subscription.started'], ...input })
}

/** Something happens that endpoints are told. */
async function happen(): Promise<string> {
  const customerId = `customer-${++signUps}`
  await signUp(stack, customerId)
  return customerId
}

const requests = (count: number, at = receiver) =>
  until(
    () => at.received.length,
    (length) => length >= count,
  )
const settled = (endpointId: string, status: string) =>
  until(
    () => deliveries(stack, endpointId),
    ([newest]) => newest?.status === status,
  )

describe('an endpoint', () => {
  it('is told what its types and its filter want, and nothing else', async () => {
    const { endpoint } = await listen({ filter: { customerId: `customer-${signUps + 2}`, 'data.none': null } })
    await happen()
    const customerId = await happen()
    await settled(endpoint.id, 'SUCCEEDED')
    expect(receiver.received.map(({ event }) => event.data.customerId)).toEqual([customerId])
  })

  it('is tested at once, also while it is disabled, with one attempt', async () => {
    const { endpoint, secret } = await listen({ types: ['invoice.paid'] })
    expect(await testEndpoint(stack, endpoint.id)).toMatchObject({
      status: 'SUCCEEDED',
      responseStatus: 200,
      responseBody: 'answered 200',
      event: { type: 'endpoint.test', sequence: null },
    })
    expect(verified(secret, receiver.received[0] as never)).toMatchObject({
      type: 'endpoint.test',
      data: { endpointId: endpoint.id },
    })
    receiver.answers.push(500)
    expect(await testEndpoint(stack, endpoint.id)).toMatchObject({ status: 'FAILED', responseStatus: 500 })
    expect((await endpoints(stack))[0]).toMatchObject({ enabled: true, failingSince: null })
    await receiver.close()
    const [attempt] = (await testEndpoint(stack, endpoint.id)).attempts
    expect(attempt).toMatchObject({ responseStatus: null, error: 'the connection failed: ECONNREFUSED' })
  })

  it('whose secret was rotated is signed with both for a while', async () => {
    const { endpoint, secret: old } = await listen()
    const fresh = await rotateSecret(stack, endpoint.id)
    await happen()
    await requests(1)
    const [both] = receiver.received
    for (const secret of [old, fresh]) expect(verified(secret, both as never)).toBeDefined()
    const newest = await rotateSecret(stack, endpoint.id, 0)
    await happen()
    await requests(2)
    const [, one] = receiver.received
    expect(verified(newest, one as never)).toBeDefined()
    for (const secret of [old, fresh]) expect(() => verified(secret, one as never)).toThrow('No matching signature')
  })

  it('has no secret in the database that could be read without the key', async () => {
    const { secret } = await listen()
    const [row] = await stack.database.query<{ row: string }>(`select e::text as row from webhook_endpoint e`)
    expect(row?.row).not.toContain(secret)
    expect(row?.row).not.toContain('whsec')
  })

  it('gets an event again under the same id, by delivery and by span of time', async () => {
    const { endpoint, secret } = await listen()
    const since = new Date(Date.now() - 1000).toISOString()
    await happen()
    const [delivery] = await settled(endpoint.id, 'SUCCEEDED')
    const again = await redeliver(stack, delivery?.id as string)
    expect(again).toMatchObject({ replay: true, event: { id: delivery?.event.id } })
    await requests(2)
    await settled(endpoint.id, 'SUCCEEDED')
    expect(await replay(stack, { endpointId: endpoint.id, since })).toBeGreaterThanOrEqual(1)
    await until(
      () => deliveries(stack, endpoint.id),
      (all) => all.every(({ status }) => status === 'SUCCEEDED'),
    )
    const same = receiver.received.filter(({ id }) => id === delivery?.event.id)
    expect(same.length).toBe(3)
    for (const request of same) expect(verified(secret, request)).toEqual(same[0]?.event)
  })

  it('is changed in part, and forgotten as a whole', async () => {
    const { endpoint } = await listen({ description: 'mine', filter: { status: 'ACTIVE' } })
    const document = `mutation ($input: UpdateWebhookEndpointInput!) {
      updateWebhookEndpoint(input: $input) { url description types filter } }`
    const { data } = await stack.query<{ updateWebhookEndpoint: unknown }>(document, {
      input: { endpointId: endpoint.id, types: ['invoice.paid', 'invoice.paid'], filter: null },
    })
    expect(data?.updateWebhookEndpoint).toEqual({
      url: receiver.url,
      description: 'mine',
      types: ['invoice.paid'],
      filter: null,
    })
    await withEndpoint(stack, 'deleteWebhookEndpoint', endpoint.id)
    expect(await endpoints(stack)).toEqual([])
    expect(await stack.database.query('select 1 from webhook_delivery limit 1')).toEqual([])
  })

  it('is told once, by however many workers', async () => {
    const { endpoint } = await listen()
    await stack.addPeer()
    await atOnce(20, happen)
    await until(
      () => deliveries(stack, endpoint.id),
      (all) => all.length === 20 && all.every(({ status }) => status === 'SUCCEEDED'),
    )
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(20)
    expect(receiver.received).toHaveLength(20)
  })

  it('forgets what is older than 30 days', async () => {
    const { endpoint } = await listen()
    await testEndpoint(stack, endpoint.id)
    const young = await testEndpoint(stack, endpoint.id)
    await stack.database.query(
      `with old as (
         insert into outbound_event (id, project_id, type, data, occurred_at, sent_out_at)
         select $1, project_id, type, data, occurred_at, sent_out_at from outbound_event order by id limit 1 returning id)
       update webhook_delivery set event_id = old.id from old where pk < $2`,
      [firstIdAt(Date.now() - 31 * 86_400_000), young.id],
    )
    await forgetOldEvents(stack.app)
    expect((await deliveries(stack, endpoint.id)).map(({ id }) => id)).toEqual([young.id])
  })

  it('costs a project that has none nothing', async () => {
    receiver = await startReceiver()
    const count = async () => (await stack.database.query('select id from outbound_event')).length
    const before = await count()
    await grantCredits(stack, { customerId: await happen(), amount: '1', idempotencyKey: 'quiet' })
    expect(await count()).toBe(before)
  })
})
