import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atOnce, inTurn, until } from './at-once.ts'
import { available, faultOf } from './calls.ts'
import { newestInvoice, openInvoiceCheckout } from './invoice-links.ts'
import { advanceBy, advanceToPeriodEnd, balanceOf, DAY, putOnFile, start, subscriptionOf } from './living.ts'
import { confirmCheckout, GOOD_CARD, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { addMethod, askChange, methodsOf, namesOf } from './paying-methods.ts'
import { breakProvider, moneyAt, stripeAt } from './provider.ts'
import {
  askRefundPayment,
  buyer,
  creditsOf,
  DISPUTED_CARD,
  decideDispute,
  newestPayment,
  providerPaymentOf,
  quiet,
  refundsAt,
} from './refunding.ts'
import { openBundleCheckout, purchaseBundle, URLS } from './selling.ts'
import { type Peer, type Stack, startStack } from './stack.ts'
import { attemptsOf } from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack
let other: Peer

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  other = await stack.addPeer()
})
afterAll(() => stack.close())

const attempts = (customerId: string) => attemptsOf(stack, customerId)
const untilAttempts = (customerId: string, ...wanted: string[]) =>
  until(
    () => attempts(customerId),
    (made) => made.join() === wanted.join(),
  )
const payOnFile = (to: Peer, token: string) =>
  to.query(
    `mutation ($token: String!) { payCheckout(token: $token, method: CARD_ON_FILE) { __typename } }`,
    { token },
    null,
  )
const changeQuantity = (to: Peer, token: string, quantity: number) =>
  to.query(
    `mutation ($t: String!, $q: Int) { changeCheckout(token: $t, quantity: $q) { status } }`,
    { t: token, q: quantity },
    null,
  )

test('three tabs of one order, by card page, by the card on file and with another quantity, 6 rounds at once: what is charged and kept is what was brought', async () => {
  const customerId = await signUp(stack, 'tabs', 'prepaid')
  await payCheckout(stack, await openBundleCheckout(stack, customerId))
  await inTurn(6, async (round) => {
    const token = await openBundleCheckout(stack, customerId, {
      ...URLS,
      successUrl: `${URLS.successUrl}?tabs=${round}`,
    })
    const byPage = async () => {
      const page = await openCardPage(stack, token)
      await typeCard(page, GOOD_CARD)
      return confirmCheckout(stack, token)
    }
    await Promise.allSettled([
      byPage(),
      payOnFile(other, token),
      changeQuantity(stack, token, 2 + (round % 3)),
      payOnFile(stack, token),
      byPage(),
    ])
    await payOnFile(stack, token)
    await confirmCheckout(other, token)
  })
  await quiet(stack)
  await until(
    () => attempts(customerId),
    (made) => made.every((one) => /SUCCEEDED|REFUNDED|FAILED/.test(one)),
  )
  const made = await attempts(customerId)
  const paid = made.filter((one) => one.endsWith('SUCCEEDED')).map((one) => Number.parseInt(one, 10))
  expect(paid).toHaveLength(7)
  expect(await available(stack, customerId)).toBe(String(paid.reduce((sum, minor) => sum + minor, 0) / 10))
})

test('two orders are paid in two tabs at once with the same new card: both are sold, and one method is kept', async () => {
  await inTurn(4, async (round) => {
    const customerId = await signUp(stack, `same-card-${round}`, 'prepaid')
    const pages = await inTurn(3, async (tab) => {
      const urls = { ...URLS, successUrl: `${URLS.successUrl}?tab=${tab}` }
      const token = await openBundleCheckout(stack, customerId, urls)
      return { token, page: await openCardPage(stack, token) }
    })
    await atOnce(3, (tab) => typeCard(pages[tab]?.page as string, GOOD_CARD))
    const told = await atOnce(6, (tab) => confirmCheckout(tab % 2 ? other : stack, pages[tab % 3]?.token as string))
    expect(told.map(({ status }) => status)).toEqual(Array(6).fill('COMPLETED'))
    expect(namesOf(await methodsOf(stack, customerId))).toBe('4242 default')
  })
})

describe('what a customer pays with', () => {
  test('is chosen in two tabs at once, and removed in a third: one default is left, and it is charged', async () => {
    const customerId = await signUp(stack, 'choosing', 'prepaid')
    await addMethod(stack, customerId, GOOD_CARD)
    await addMethod(stack, customerId, '5555555555554444')
    await addMethod(stack, customerId, '378282246310005')
    await inTurn(6, async (round) => {
      await Promise.allSettled([
        askChange(stack, 'setDefault', customerId, '4242'),
        askChange(other, 'setDefault', customerId, '4444'),
        purchaseBundle(stack, customerId, `choosing-${round}`),
        askChange(other, 'setDefault', customerId, '0005'),
      ])
      expect((await methodsOf(stack, customerId)).filter(({ isDefault }) => isDefault)).toHaveLength(1)
    })
    expect(await attempts(customerId)).toEqual(Array(6).fill('1000 SUCCEEDED'))
  })

  test('is removed between the decision and the charge: refused while it is charged, and the charge is what it was', async () => {
    const customerId = await signUp(stack, 'removing', 'prepaid')
    await addMethod(stack, customerId, GOOD_CARD)
    await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'delay', delayMs: 1_000 })
    const sold = purchaseBundle(stack, customerId, 'one')
    await untilAttempts(customerId, '1000 PENDING')
    expect(await faultOf(askChange(stack, 'remove', customerId, '4242'))).toBe('CONFLICT paymentMethodId')
    // The same card is saved again meanwhile: the old copy is not forgotten before it has paid.
    await addMethod(stack, customerId, GOOD_CARD)
    expect((await sold).__typename).toBe('PurchaseSuccess')
    expect(namesOf(await methodsOf(stack, customerId))).toBe('4242 default')
    expect((await purchaseBundle(stack, customerId, 'two')).__typename).toBe('PurchaseSuccess')
    expect(await attempts(customerId)).toEqual(['1000 SUCCEEDED', '1000 SUCCEEDED'])
  })
})

describe('refunds, credit notes and disputes of one payment', () => {
  test('all at once, here and on the provider’s own pages: never more than was paid', async () => {
    const customerId = await buyer(stack, 'all-at-once', { packs: 10, spent: '50' })
    const { id: paymentId, invoiceId } = await newestPayment(stack, customerId)
    const payment_intent = await providerPaymentOf(stack, customerId)
    const note = (key: string) =>
      stack.query(`mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { number } }`, {
        input: { invoiceId, amount: '30.00', reason: 'Sorry', idempotencyKey: key },
      })
    await Promise.allSettled([
      ...[1, 2, 3].map((n) =>
        askRefundPayment(n % 2 ? stack : other, { paymentId, amount: '30.00', idempotencyKey: `r${n}` }),
      ),
      stripeAt(stack).refunds.create({ payment_intent, amount: 3_000 }),
      note('a'),
      note('b'),
    ])
    await quiet(stack)
    const payment = await newestPayment(stack, customerId)
    const atProvider = (await refundsAt(stack, customerId)).reduce((sum, minor) => sum + minor, 0)
    expect(atProvider).toBeLessThanOrEqual(10_000)
    expect(payment.refunded).toBe(`${atProvider / 100}.00`)
    expect(payment.refunds.filter(({ status }) => status === 'PENDING')).toEqual([])
    const left = 1000 - atProvider / 10
    expect(await creditsOf(stack, customerId)).toBe(
      left < 50 ? `0 of 50, 50 used, ${50 - left} owed` : `${left - 50} of ${left}, 50 used`,
    )
  })

  test('a dispute that is lost while refunds are asked for, and its events come twice: the money and the credits go once', async () => {
    const customerId = await buyer(stack, 'lost-at-once', { packs: 10, spent: '50', card: DISPUTED_CARD })
    const { id: paymentId } = await newestPayment(stack, customerId)
    const refunds = atOnce(3, (n) =>
      askRefundPayment(n % 2 ? other : stack, { paymentId, amount: '20.00', idempotencyKey: `r${n}` }),
    )
    await Promise.all([decideDispute(stack, customerId, 'losing'), refunds])
    await quiet(stack)
    await until(
      () => creditsOf(stack, customerId),
      (credits) => credits === '0 of 50, 50 used, 50 owed',
    )
    const payment = await newestPayment(stack, customerId)
    expect(payment).toMatchObject({ refunded: '100.00', refundable: '0.00', disputes: [{ status: 'LOST' }] })
    expect(payment.refunds.filter(({ status }) => status === 'PENDING')).toEqual([])
  })
})

describe('a renewal that was declined', () => {
  test('is tried with a new card from two tabs, paid on its page and retried by the clock at once: one of them pays', async () => {
    await start(stack, 'dunned', 'premium')
    await putOnFile(stack, 'dunned', 'pm_card_visa_chargeDeclinedInsufficientFunds')
    await advanceToPeriodEnd(stack, 'dunned')
    const token = await openInvoiceCheckout(stack, (await newestInvoice(stack, 'dunned')).token)
    const page = await openCardPage(stack, token)
    await Promise.allSettled([
      addMethod(stack, 'dunned', GOOD_CARD, { makeDefault: true }),
      addMethod(other, 'dunned', '5555555555554444', { makeDefault: true }),
      typeCard(page, '378282246310005').then(() => confirmCheckout(other, token)),
      advanceBy(stack, DAY + 60_000),
    ])
    await quiet(stack)
    await advanceBy(stack, 60_000)
    const kept = (await attempts('dunned')).filter((one) => one.endsWith('SUCCEEDED'))
    expect(kept).toEqual(['10000 SUCCEEDED', '10000 SUCCEEDED'])
    expect((await subscriptionOf(stack, 'dunned')).status).toBe('ACTIVE')
    expect(await balanceOf(stack, 'dunned')).toBe('105 of 105, 0 used')
    expect(namesOf(await methodsOf(stack, 'dunned')).match(/default/g)).toHaveLength(1)
  })
})

test('what the provider holds is what the books say', async () => {
  await quiet(stack)
  const { charged, refunded } = await moneyAt(stack)
  const [{ paid = 0, back = 0 } = {}] = await stack.database.query<{ paid: number; back: number }>(
    `select coalesce(sum(amount_minor) filter (where status in ('SUCCEEDED', 'REFUNDED')), 0)::int8 as paid,
       (coalesce(sum(amount_minor) filter (where status = 'REFUNDED'), 0) + (select coalesce(sum(amount_minor), 0) from refund where status = 'SUCCEEDED'))::int8 as back
     from payment`,
  )
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  expect(sum(charged)).toBe(paid)
  expect(sum(refunded)).toBe(back)
})
