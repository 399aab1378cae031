import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { attemptDelivery } from '../src/modules/webhooks/outbound/attempt-delivery.ts'
import { claimDelivery } from '../src/modules/webhooks/outbound/claim-deliveries.ts'
import { until } from './at-once.ts'
import {
  createEndpoint,
  deliveries,
  endpoints,
  type Receiver,
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
const others: Receiver[] = []
let signUps = 0

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())
afterEach(async () => {
  for (const { id } of await endpoints(stack)) await withEndpoint(stack, 'deleteWebhookEndpoint', id)
  for (const each of [receiver, ...others.splice(0)]) await each.close()
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

/** Lets the time pass that a retry waits for. */
async function makeDue(): Promise<void> {
  await stack.database.query(`update webhook_delivery set next_attempt_at = now() where status = 'PENDING'`)
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

describe('a delivery', () => {
  it('T16 keeps its id over retries, with a new timestamp, and its success is final', async () => {
    const { endpoint, secret } = await listen()
    receiver.answers.push(500, 503)
    const customerId = await happen()
    await requests(1)
    await until(
      () => deliveries(stack, endpoint.id),
      ([newest]) => newest?.attempts.length === 1,
    )
    const [waiting] = await deliveries(stack, endpoint.id)
    expect(waiting).toMatchObject({ status: 'PENDING', responseStatus: 500, responseBody: 'answered 500' })
    // A second is what timestamps tell apart.
    const second = receiver.received[0]?.timestamp as number
    await until(
      () => Date.now(),
      (now) => Math.floor(now / 1000) > second,
    )
    await makeDue()
    await requests(2)
    await until(
      () => deliveries(stack, endpoint.id),
      ([newest]) => newest?.attempts.length === 2,
    )
    await makeDue()
    await requests(3)
    const [delivered] = await settled(endpoint.id, 'SUCCEEDED')

    const [first, , third] = receiver.received
    expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set([delivered?.event.id]))
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    expect(third?.timestamp).toBeGreaterThan(first?.timestamp as number)
    expect(third?.signature).not.toBe(first?.signature)
    for (const request of receiver.received) expect(verified(secret, request)).toEqual(first?.event)
    expect(first?.event).toMatchObject({
      type: 'subscription.started',
      sequence: 1,
      data: { customerId, status: 'ACTIVE' },
    })
    expect(delivered?.attempts.map(({ responseStatus }) => responseStatus)).toEqual([500, 503, 200])
    expect(delivered).toMatchObject({ nextAttemptAt: null, responseStatus: 200 })
  })

  it('T16 is not failed by an attempt that ends late', async () => {
    const { endpoint } = await listen()
    receiver.answers.push(500)
    await happen()
    await until(
      () => deliveries(stack, endpoint.id),
      ([newest]) => newest?.attempts.length === 1,
    )
    const [{ id } = { id: '' }] = await deliveries(stack, endpoint.id)
    // A worker begins and is held up for longer than its claim, so another one begins as well.
    const late = await stack.database.transaction((tx) => claimDelivery(tx, Number(id)))
    await stack.database.transaction((tx) => claimDelivery(tx, Number(id)))
    const [begun] = await deliveries(stack, endpoint.id)
    receiver.answers.push(500)
    await attemptDelivery(stack.app, late)
    const [{ status, nextAttemptAt } = {}] = await deliveries(stack, endpoint.id)
    expect({ status, nextAttemptAt }).toEqual({ status: 'PENDING', nextAttemptAt: begun?.nextAttemptAt })
    await makeDue()
    await settled(endpoint.id, 'SUCCEEDED')
    receiver.answers.push(500)
    await attemptDelivery(stack.app, { ...late, attempt: 3 })
    const [delivery] = await deliveries(stack, endpoint.id)
    expect(delivery).toMatchObject({ status: 'SUCCEEDED', nextAttemptAt: null })
    expect(delivery?.attempts.map(({ responseStatus }) => responseStatus)).toEqual([500, 500, 500, 200])
    expect((await endpoints(stack))[0]?.failingSince).toBeNull()
  })

  it('T16 numbers what happens to one customer, without gaps, in its order', async () => {
    await listen({ types: [] })
    const customerId = await happen()
    await happen()
    await until(
      () => receiver.received.filter(({ event }) => event.type === 'subscription.started').length,
      (count) => count === 2,
    )
    const written = await stack.database.query(
      'select 1 from outbound_event e join customer c on c.pk = e.customer_pk where c.id = $1',
      [customerId],
    )
    const received = () => receiver.received.filter(({ event }) => event.data.customerId === customerId)
    await until(received, ({ length }) => length === written.length)
    const numbers = received().map(({ event }) => Number(event.sequence))
    expect(numbers.sort((a, b) => a - b)).toEqual(written.map((_, index) => index + 1))
  })

  it('is given up after ten attempts, and failing for 5 days disables the endpoint', async () => {
    const { endpoint } = await listen()
    receiver.answers.push(...Array<number>(11).fill(500))
    await happen()
    for (let attempt = 1; attempt < 10; attempt++) {
      await until(
        () => deliveries(stack, endpoint.id),
        ([newest]) => newest?.attempts.length === attempt,
      )
      await makeDue()
    }
    await settled(endpoint.id, 'FAILED')
    expect((await endpoints(stack))[0]).toMatchObject({ enabled: true, failingSince: expect.any(String) })
    await stack.database.query(`update webhook_endpoint set failing_since = failing_since - interval '5 days'`)
    await happen()
    const disabled = await until(
      () => endpoints(stack),
      ([only]) => only?.enabled === false,
    )
    expect(disabled[0]?.disabledReason).toBe('nothing could be delivered for 5 days')

    await happen()
    expect(await replayFrom(0).catch((error: Error) => error.message)).toContain('CONFLICT')
    await withEndpoint(stack, 'enableWebhookEndpoint', endpoint.id)
    // What waits comes at once; what was missed meanwhile, when it is asked for.
    await settled(endpoint.id, 'SUCCEEDED')
    expect((await endpoints(stack))[0]).toMatchObject({ enabled: true, failingSince: null })

    async function replayFrom(since: number) {
      return replay(stack, { endpointId: endpoint.id, since: new Date(since).toISOString() })
    }
  })

  it('that is answered 410 Gone disables the endpoint', async () => {
    const { endpoint } = await listen()
    receiver.answers.push(410)
    await happen()
    await settled(endpoint.id, 'FAILED')
    const [gone] = await endpoints(stack)
    expect(gone).toMatchObject({ enabled: false, disabledReason: 'it answered 410 Gone' })
  })

  it('does not follow a redirect, and keeps at most 1 kB of an answer', async () => {
    const { endpoint } = await listen()
    receiver.answers.push((res) => res.writeHead(302, { location: receiver.url }).end('x'.repeat(5_000_000)))
    await happen()
    const [delivery] = await until(
      () => deliveries(stack, endpoint.id),
      ([newest]) => newest?.attempts.length === 1,
    )
    expect(delivery).toMatchObject({ status: 'PENDING', responseStatus: 302, responseBody: 'x'.repeat(1_024) })
    expect(receiver.received).toHaveLength(1)
  })

  it('waits for nobody else: not for one that hangs, and not for one that cannot be made', async () => {
    const { endpoint: broken } = await listen()
    await stack.database.query(`update webhook_endpoint set secrets = '[{"sealed": "v1.0.a.b.c", "endsAt": null}]'`)
    const hanging = receiver
    others.push(hanging)
    const { endpoint: slow } = await listen()
    others.push(receiver)
    receiver.answers.push(...Array.from({ length: 40 }, () => () => {}))
    const { endpoint: good } = await listen()
    for (let count = 0; count < 6; count++) await happen()
    await until(
      () => deliveries(stack, good.id),
      (all) => all.filter(({ status }) => status === 'SUCCEEDED').length === 6,
    )
    const made = await until(
      () => deliveries(stack, broken.id),
      (all) => all.some(({ attempts }) => attempts.length > 0),
    )
    expect(made.find(({ attempts }) => attempts.length > 0)?.attempts[0]?.error).toMatch(
      /FLORIN_ENCRYPTION_KEY.*rotateWebhookSecret/,
    )
    expect((await deliveries(stack, slow.id)).every(({ status }) => status === 'PENDING')).toBe(true)
    expect(hanging.received).toEqual([])
    // A new secret is the remedy that the error names.
    const secret = await rotateSecret(stack, broken.id)
    const tested = await testEndpoint(stack, broken.id)
    expect(tested.status).toBe('SUCCEEDED')
    expect(verified(secret, hanging.received.at(-1) as never)).toBeDefined()
  })
})
