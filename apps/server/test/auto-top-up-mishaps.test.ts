import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { settleTopUps } from '../src/modules/topups/jobs.ts'
import { atOnce, inTurn, until } from './at-once.ts'
import { available, consume, grantCredits, invoices, voidUsage } from './calls.ts'
import { GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { breakProvider, deliver, eventOf, moneyAt, repairProvider } from './provider.ts'
import { decideDispute, newestPayment, quiet, refund } from './refunding.ts'
import { keyOf } from './rows.ts'
import { purchaseBundle } from './selling.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import {
  agePayments,
  attemptsOf,
  listen,
  publishPacks,
  putCard,
  setAutoTopUp,
  standing,
  tellingsOf,
  toppedUp,
} from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let peer: Peer
let taken: { charged: number[]; refunded: number[] }

beforeAll(async () => {
  stack = await startStack()
  peer = await stack.addPeer()
  await publishWorkedExample(stack)
  await publishPacks(stack)
  await listen(stack)
})
beforeEach(async () => {
  await repairProvider(stack)
  taken = await moneyAt(stack)
})
afterAll(() => stack.close())

/** What was charged and refunded at the provider since the test began. */
async function movedMoney(): Promise<{ charged: number[]; refunded: number[] }> {
  const { charged, refunded } = await moneyAt(stack)
  return {
    charged: charged.slice(0, charged.length - taken.charged.length),
    refunded: refunded.slice(0, refunded.length - taken.refunded.length),
  }
}

const PACK = { threshold: '5000', bundle: 'pack-25000' }

/** A customer a draw of 100 above the threshold. */
async function customer(id: string): Promise<string> {
  await signUp(stack, id, 'metered')
  await putCard(stack, id)
  await grantCredits(stack, { customerId: id, amount: '5100', idempotencyKey: 'start' })
  await setAutoTopUp(stack, id, PACK)
  return id
}

const spend = (customerId: string, quantity: string, idempotencyKey: string, to: Peer = stack) =>
  consume(to, { customerId, quantity, idempotencyKey })

const becomes = (id: string, wanted: string) =>
  until(
    () => standing(stack, id),
    (told) => told === wanted,
  )

/** The token of the checkout behind a top-up's link. */
async function followLink(id: string): Promise<string> {
  const { actionUrl } = await toppedUp(stack, id)
  const response = await fetch(actionUrl as string, { redirect: 'manual' })
  await response.body?.cancel()
  return response.headers.get('location')?.split('/').at(-1) as string
}

/** Waits until the process that tried to charge has left the payment to others. */
const hasGivenUp = (process: Peer) =>
  until(
    () => process.logged.some((line) => line.includes('a top-up could not be made')),
    (given) => given,
  )

const paymentOf = async (id: string) => {
  const [payment] = await stack.database.query<{ id: string }>(
    `select id from payment where customer_pk = $1 order by id desc limit 1`,
    [await keyOf(stack.database, id)],
  )
  return payment?.id as string
}

it('P03 a charge whose answer is lost stays the only one until it is looked up', async () => {
  const id = await customer('p03')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_after', times: 1_000 })
  await spend(id, '100', 'to the threshold')
  await becomes(id, 'CHARGING with 5000')
  await inTurn(20, (draw) => spend(id, '10', `draw ${draw}`))
  await hasGivenUp(stack)
  expect(await attemptsOf(stack, id)).toEqual(['25000 PENDING'])
  expect((await setAutoTopUp(stack, id, PACK)).state).toBe('CHARGING')
  await repairProvider(stack)
  await agePayments(stack, id)
  await becomes(id, 'READY with 29800')
  expect(await attemptsOf(stack, id)).toEqual(['25000 SUCCEEDED'])
  expect(await movedMoney()).toEqual({ charged: [25_000], refunded: [] })
  expect(await tellingsOf(stack, id)).toEqual(['succeeded'])
})

it('P04 a charge that was cut off before the provider knew of it is made by another process, once', async () => {
  const id = await customer('p04')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_before', times: 1_000 })
  await spend(id, '100', 'to the threshold', peer)
  await becomes(id, 'CHARGING with 5000')
  await hasGivenUp(peer)
  await repairProvider(stack)
  await agePayments(stack, id)
  await becomes(id, 'READY with 30000')
  expect(await movedMoney()).toEqual({ charged: [25_000], refunded: [] })
})

it('a decline that is only found out later is followed', async () => {
  const id = await customer('late')
  await putCard(stack, id, 'declined')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_after', times: 1_000 })
  await spend(id, '100', 'to the threshold')
  await becomes(id, 'CHARGING with 5000')
  await repairProvider(stack)
  await agePayments(stack, id)
  await becomes(id, 'BACKING_OFF with 5000')
  expect(await tellingsOf(stack, id)).toEqual(['failed'])
  expect(await movedMoney()).toEqual({ charged: [], refunded: [] })
})

it('P24 two processes that cross together make one charge', async () => {
  const id = await customer('two')
  await atOnce(40, (draw) => spend(id, '10', `draw ${draw}`, draw % 2 === 0 ? stack : peer))
  await becomes(id, 'READY with 29700')
  expect(await attemptsOf(stack, id)).toEqual(['25000 SUCCEEDED'])
})

it('P01 the link and a charge by itself both pay: credits once, the other goes back', async () => {
  const id = await customer('p01')
  await putCard(stack, id, 'challenged')
  await spend(id, '100', 'to the threshold')
  await becomes(id, 'NEEDS_CUSTOMER with 5000')
  const page = await openCardPage(stack, await followLink(id))
  await putCard(stack, id)
  await becomes(id, 'READY with 30000')
  await typeCard(page, GOOD_CARD)
  await until(movedMoney, ({ refunded }) => refunded.length > 0)
  expect(await movedMoney()).toEqual({ charged: [25_000, 25_000], refunded: [25_000] })
  expect(await standing(stack, id)).toBe('READY with 30000')
  expect(await invoices(stack, id)).toHaveLength(1)
})

it('P01 the link is paid while a charge is on its way: credits once, the charge goes back', async () => {
  const id = await customer('p01-late')
  await putCard(stack, id, 'challenged')
  await spend(id, '100', 'to the threshold')
  await becomes(id, 'NEEDS_CUSTOMER with 5000')
  const token = await followLink(id)
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_after', times: 1_000 })
  await putCard(stack, id)
  await becomes(id, 'CHARGING with 5000')
  await payCheckout(stack, token)
  expect(await standing(stack, id)).toBe('CHARGING with 30000')
  await repairProvider(stack)
  await agePayments(stack, id)
  await becomes(id, 'READY with 30000')
  await until(movedMoney, ({ refunded }) => refunded.length > 0)
  expect(await movedMoney()).toEqual({ charged: [25_000, 25_000], refunded: [25_000] })
  expect(await invoices(stack, id)).toHaveLength(1)
})

it('a page that was open when the top-up was made sells nothing any more', async () => {
  const id = await customer('closed')
  await putCard(stack, id, 'challenged')
  await spend(id, '100', 'to the threshold')
  await becomes(id, 'NEEDS_CUSTOMER with 5000')
  const token = await followLink(id)
  await putCard(stack, id)
  await becomes(id, 'READY with 30000')
  await expect(openCardPage(stack, token)).rejects.toThrow('CONFLICT')
})

it('B03 every way to hear of a success at once: one grant', async () => {
  const id = await customer('b03')
  for (const round of [1, 2, 3, 4, 5]) {
    const before = Number(await available(stack, id))
    await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_after', times: 1_000 })
    await spend(id, String(before - 5000), `round ${round}`)
    await becomes(id, 'CHARGING with 5000')
    await repairProvider(stack)
    await agePayments(stack, id)
    const payment = await paymentOf(id)
    await atOnce(6, (n) =>
      deliver(
        n % 2 === 0 ? stack : peer,
        eventOf(`b03-${round}-${n % 3}`, n % 2 === 0 ? 'payment_intent.succeeded' : 'charge.succeeded', payment),
      ),
    )
    await becomes(id, 'READY with 30000')
  }
  expect((await movedMoney()).charged).toEqual([25_000, 25_000, 25_000, 25_000, 25_000])
})

it('a charge on its way is finished after the switch was turned off', async () => {
  const id = await customer('finishing')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs: 600 })
  await spend(id, '100', 'to the threshold')
  await becomes(id, 'CHARGING with 5000')
  expect((await setAutoTopUp(stack, id, { ...PACK, enabled: false })).state).toBe('OFF')
  await becomes(id, 'OFF with 30000')
  await spend(id, '30000', 'all of it')
  expect(await attemptsOf(stack, id)).toEqual(['25000 SUCCEEDED'])
})

it("is in nobody's way: what the customer buys meanwhile is bought", async () => {
  const id = await customer('meanwhile')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'drop_before', times: 1_000 })
  await spend(id, '100', 'to the threshold')
  await becomes(id, 'CHARGING with 5000')
  await repairProvider(stack)
  expect(await purchaseBundle(stack, id, 'own')).toMatchObject({ __typename: 'PurchaseSuccess' })
  await agePayments(stack, id)
  await becomes(id, 'READY with 30100')
  const { charged, refunded } = await movedMoney()
  expect([charged.toSorted((a, b) => a - b), refunded]).toEqual([[1_000, 25_000], []])
})

it.each(['refund', 'lost dispute'])(
  'a %s by itself buys nothing again; the next draw does, also one that is refused',
  async (how) => {
    const id = await customer(`back-${how.slice(0, 4)}`)
    if (how === 'lost dispute') await putCard(stack, id, 'disputed')
    await spend(id, '5100', 'all')
    if (how === 'refund') {
      await becomes(id, 'READY with 25000')
      await refund(stack, id, 'back')
    } else {
      // Its dispute makes the customer be asked; once that is lost, nobody asks them to buy what they did not want.
      await becomes(id, 'NEEDS_CUSTOMER with 0')
      await decideDispute(stack, id, 'losing')
      await until(
        () => newestPayment(stack, id),
        ({ status }) => status === 'REFUNDED',
      )
    }
    await quiet(stack)
    const due = () =>
      stack.database.query(`select 1 from balance_watch where customer_pk = $1 and kind = 'TOP_UP' and armed`, [keyed])
    const keyed = await keyOf(stack.database, id)
    const state = how === 'refund' ? 'READY with 0' : 'NEEDS_CUSTOMER with 0'
    expect(await due()).toHaveLength(how === 'refund' ? 1 : 0)
    await settleTopUps(stack.app)
    expect(await standing(stack, id)).toBe(state)
    expect(await attemptsOf(stack, id)).toEqual(['25000 SUCCEEDED'])
    if (how !== 'refund') return
    expect((await spend(id, '1', 'refused')).decision).toMatchObject({ allowed: false, reason: 'INSUFFICIENT_CREDITS' })
    await becomes(id, 'READY with 25000')
    expect(await attemptsOf(stack, id)).toEqual(['25000 SUCCEEDED', '25000 SUCCEEDED'])
  },
)

it('what comes back to settle the debt of a refund buys nothing either', async () => {
  const id = await customer('back-void')
  await spend(id, '5100', 'to the threshold')
  await becomes(id, 'READY with 25000')
  await spend(id, '19000', 'most')
  await refund(stack, id, 'back')
  expect(await standing(stack, id)).toBe('READY with 0')
  await voidUsage(stack, id, 'most')
  await settleTopUps(stack.app)
  expect(await standing(stack, id)).toBe('READY with 0')
  expect(await attemptsOf(stack, id)).toEqual(['25000 SUCCEEDED'])
})
