import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProject } from '../src/modules/accounts/read-project.ts'
import { settleDueWork } from '../src/modules/clock/jobs.ts'
import { settleDueCustomer } from '../src/modules/clock/settle-due-customer.ts'
import { atOnce, until } from './at-once.ts'
import { available, billingState, consume, dataOf, faultOf, voidUsage } from './calls.ts'
import {
  CANCEL_COMMITMENT,
  cancelCommitment,
  commit,
  commitmentOf,
  commitments,
  createCommitment,
  inDays,
  passToEnd,
  TEN_THOUSAND,
} from './committing.ts'
import { captureHold, createHold, releaseHold } from './holding.ts'
import { newestInvoice, openInvoiceCheckout } from './invoice-links.ts'
import { advanceTo, bills, DAY, putOnFile, start, told } from './living.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { keyOf } from './rows.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack
let peer: Peer

beforeAll(async () => {
  stack = await startStack()
  peer = await stack.addPeer()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const BROKE = 'pm_card_visa_chargeDeclinedInsufficientFunds'

const bill = async (customerId: string) => (await bills(stack, customerId)).map(told)

test('the settlement of one commitment is no spend of the next', async () => {
  const customerId = await commit(stack, 'next', { money: { amount: '90.00', currency: 'USD' }, credits: null })
  const { endsAt } = await commitmentOf(stack, customerId)
  const next = {
    customerId,
    name: 'Second',
    startsAt: endsAt,
    endsAt: await inDays(stack, 120),
    idempotencyKey: 'second',
  }
  await createCommitment(stack, { ...next, money: { amount: '50.00', currency: 'USD' } })
  await advanceTo(stack, next.endsAt)
  expect((await commitments(stack, customerId)).map(({ drawn, shortfall }) => `${drawn} ${shortfall}`)).toEqual([
    '0.00 50.00',
    '0.00 90.00',
  ])
})

test('credits held at the end are paid for with the shortfall, whatever becomes of the hold', async () => {
  for (const [customerId, drawn] of [
    ['captured', '4'],
    ['released', '0'],
  ] as const) {
    await commit(stack, customerId, { credits: { ...TEN_THOUSAND, amount: '10', unitPrice: '1' } })
    const { endsAt } = await commitmentOf(stack, customerId)
    await advanceTo(stack, Date.parse(endsAt) - 60_000)
    const { hold } = await createHold(stack, { customerId, quantity: '6', ttlSeconds: 3600, idempotencyKey: 'hold' })
    expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '0', shortfall: '10' })
    // The clock passes the end, and the hold is settled before any worker comes.
    await stack.database.query(`update project set clock_offset_ms = clock_offset_ms + 120000 where id = $1`, [
      stack.project.id,
    ])
    await readProject(stack.database, stack.project.id)
    if (drawn === '0') await releaseHold(stack, hold?.id as string)
    else await captureHold(stack, hold?.id as string, drawn)
    await settleDueWork(stack.app)
    expect(await commitmentOf(stack, customerId)).toMatchObject({
      drawn: '0',
      shortfall: '10',
      grant: { remaining: '0' },
      invoice: { total: '10.00' },
    })
    expect(await available(stack, customerId)).toBe('0')
  }
})

test('what is drawn up to the last moment is on the invoice, however many draw while it ends', async () => {
  const customerId = await commit(stack, 'to-the-end', { endsAt: new Date(Date.parse(await inDays(stack, 0)) + 1_500) })
  const drawn = await Promise.all(
    [stack, peer, stack, peer].map(async (to, lane) => {
      for (let count = 0; ; count++) {
        const { decision } = await consume(to, { customerId, idempotencyKey: `${lane}-${count}` })
        if (!decision.allowed) return count
      }
    }),
  )
  const { invoice } = await until(
    () => commitmentOf(stack, customerId),
    (commitment) => commitment.invoice !== null,
  )
  expect(invoice).toMatchObject({ total: '500.00' })
  const total = drawn.reduce((sum, count) => sum + count, 0)
  expect(total).toBeGreaterThan(0)
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: `${total}`, shortfall: `${10_000 - total}` })
})

test('usage that is undone after the end leaves with the grant, and the settlement stays', async () => {
  const customerId = await commit(stack, 'undone')
  await consume(stack, { customerId, quantity: '100', idempotencyKey: 'hundred' })
  await passToEnd(stack, customerId)
  await voidUsage(stack, customerId, 'hundred')
  expect(await available(stack, customerId)).toBe('0')
  expect(await commitmentOf(stack, customerId)).toMatchObject({ drawn: '100', shortfall: '9900' })
})

test('with a card on file the invoice is paid at once', async () => {
  const customerId = await start(stack, 'card', 'starter')
  await createCommitment(stack, {
    customerId,
    name: 'Contract',
    endsAt: await inDays(stack, 10),
    credits: TEN_THOUSAND,
    idempotencyKey: 'contract',
  })
  await passToEnd(stack, customerId)
  expect(await commitmentOf(stack, customerId)).toMatchObject({ invoice: { total: '500.00', status: 'PAID' } })
  expect((await billingState(stack, customerId)).actionUrl).toBeNull()
})

test('declined, it stays open with its link and is tried on the days of dunning', async () => {
  const customerId = await start(stack, 'declined', 'starter')
  const endsAt = await inDays(stack, 10)
  const input = { customerId, name: 'Contract', endsAt, credits: TEN_THOUSAND, idempotencyKey: 'contract' }
  await createCommitment(stack, input)
  await putOnFile(stack, customerId, BROKE)
  await advanceTo(stack, endsAt)
  const attempts = async () =>
    (
      await stack.database.query(`select 1 from payment where customer_pk = $1 and purpose->>'kind' = 'invoice'`, [
        await keyOf(stack.database, customerId),
      ])
    ).length
  expect(await newestInvoice(stack, customerId)).toMatchObject({ status: 'OPEN', amountDue: '500.00' })
  const { pageUrl } = await newestInvoice(stack, customerId)
  expect((await billingState(stack, customerId)).actionUrl).toBe(pageUrl)
  expect(await attempts()).toBe(1)
  await advanceTo(stack, Date.parse(endsAt) + 4 * DAY)
  expect(await attempts()).toBe(3)
  await putOnFile(stack, customerId, 'pm_card_visa')
  await advanceTo(stack, Date.parse(endsAt) + 5 * DAY)
  expect(await newestInvoice(stack, customerId)).toMatchObject({ status: 'PAID' })
  await advanceTo(stack, Date.parse(endsAt) + 9 * DAY)
  expect(await attempts()).toBe(4)
})

test('after the last attempt it is still owed, and can be paid on its page', async () => {
  const customerId = await commit(stack, 'page')
  const { endsAt } = await commitmentOf(stack, customerId)
  await advanceTo(stack, Date.parse(endsAt) + 30 * DAY)
  const { token, number } = await newestInvoice(stack, customerId)
  const page = `query ($token: String!) { invoice(token: $token) { payable } }`
  expect(await dataOf(stack.query(page, { token }, null))).toEqual({ invoice: { payable: true } })
  const checkout = await openInvoiceCheckout(stack, token)
  const shown = `query ($token: String!) { checkout(token: $token) { title dueNow { amount } rateCard { code } lines { amount } } }`
  expect(await dataOf(stack.query(shown, { token: checkout }, null))).toEqual({
    checkout: {
      title: `Invoice ${number}`,
      dueNow: { amount: '500.00' },
      rateCard: null,
      lines: [{ amount: '500.00' }],
    },
  })
  expect(await payCheckout(stack, checkout, GOOD_CARD)).toMatchObject({
    status: 'COMPLETED',
    invoice: { total: '500.00' },
  })
  expect(await commitmentOf(stack, customerId)).toMatchObject({ invoice: { status: 'PAID' } })
  expect((await billingState(stack, customerId)).actionUrl).toBeNull()
})

test('an invoice that an operator lets be is not tried again', async () => {
  const customerId = await start(stack, 'let-be', 'starter')
  const endsAt = await inDays(stack, 10)
  await createCommitment(stack, { customerId, name: 'Contract', endsAt, credits: TEN_THOUSAND, idempotencyKey: 'one' })
  await putOnFile(stack, customerId, BROKE)
  await advanceTo(stack, endsAt)
  const { id } = await newestInvoice(stack, customerId)
  await dataOf(stack.query(`mutation ($id: ID!) { voidInvoice(invoiceId: $id) { status } }`, { id }))
  expect((await billingState(stack, customerId)).actionUrl).toBeNull()
  await putOnFile(stack, customerId, 'pm_card_visa')
  await advanceTo(stack, Date.parse(endsAt) + 8 * DAY)
  expect((await commitmentOf(stack, customerId)).invoice?.status).toBe('VOID')
})

test('several workers that come late settle it once, as of its end', async () => {
  const customerId = await start(stack, 'late', 'premium')
  const endsAt = await inDays(stack, 40)
  const money = { amount: '1000.00', currency: 'USD' }
  await createCommitment(stack, { customerId, name: 'Minimum', endsAt, money, idempotencyKey: 'minimum' })
  await createCommitment(stack, {
    customerId,
    name: 'Credits',
    endsAt,
    credits: TEN_THOUSAND,
    idempotencyKey: 'credits',
  })
  // Nobody has renewed the plan either: the one renewal of the term counts, and the later ones don't.
  await stack.database.query(`update project set clock_offset_ms = clock_offset_ms + $2 where id = $1`, [
    stack.project.id,
    100 * DAY,
  ])
  const project = await readProject(stack.database, stack.project.id)
  if (!project) throw new Error('the project is gone')
  const customerPk = await keyOf(stack.database, customerId)
  const until = Date.parse(endsAt) + 60 * DAY
  await atOnce(4, (index) => settleDueCustomer([stack, peer][index % 2]?.app ?? stack.app, project, customerPk, until))
  const [credits, minimum] = await commitments(stack, customerId)
  expect(minimum).toMatchObject({ drawn: '100.00', shortfall: '900.00', invoice: { total: '900.00', status: 'PAID' } })
  expect(credits).toMatchObject({ drawn: '0', shortfall: '10000', invoice: { total: '500.00', status: 'PAID' } })
  const issued = `query ($id: ID!) { invoices(customerId: $id) { nodes { issuedAt lines { description } } } }`
  const { invoices } = await dataOf(
    stack.query<{ invoices: { nodes: { issuedAt: string; lines: { description: string }[] }[] } }>(issued, {
      id: customerId,
    }),
  )
  const settlements = invoices.nodes.filter(({ lines }) => /Minimum|Credits/.test(lines[0]?.description ?? ''))
  expect(settlements.map(({ issuedAt }) => issuedAt)).toEqual([endsAt, endsAt])
})

test('cancelled, it ends with its whole shortfall; before its term, nothing is owed', async () => {
  const customerId = await commit(stack, 'cancelled')
  await consume(stack, { customerId, quantity: '100', idempotencyKey: 'hundred' })
  const { id } = await commitmentOf(stack, customerId)
  const canceled = await cancelCommitment(stack, id)
  expect(canceled).toMatchObject({
    status: 'CANCELED',
    drawn: '100',
    shortfall: '9900',
    grant: { remaining: '0' },
    invoice: { total: '500.00' },
  })
  expect(await cancelCommitment(stack, id)).toEqual(canceled)
  expect(await faultOf(stack.query(CANCEL_COMMITMENT, { id, key: 'again' }))).toBe('CONFLICT commitmentId')
  expect(await available(stack, customerId)).toBe('0')

  const early = await commit(stack, 'called-off', { startsAt: await inDays(stack, 30) })
  const off = await cancelCommitment(stack, (await commitmentOf(stack, early)).id)
  expect(off).toMatchObject({ status: 'CANCELED', shortfall: '0', invoice: null, grant: { remaining: '0' } })
  await advanceTo(stack, off.endsAt)
  expect(await bill(early)).toEqual([])
  expect(await available(stack, early)).toBe('0')
})
