import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTurn, until } from './at-once.ts'
import { consume, dataOf, faultOf, upsertCustomer, voidUsage } from './calls.ts'
import { advanceBy, putOnFile } from './living.ts'
import { openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { breakProvider, deliver, eventAbout, repairProvider, signatureOf, stripeAt } from './provider.ts'
import {
  askRefundPayment,
  buy,
  buyer,
  creditsOf,
  DISPUTED_CARD,
  decideDispute,
  disputeAt,
  entriesOf,
  INQUIRED_CARD,
  newestPayment,
  providerPaymentOf,
  quiet,
  refund,
  textsOf,
  untilCredits,
} from './refunding.ts'
import { openBundleCheckout, subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, STARTER, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

/** A customer whose bank will dispute what they have paid. */
function disputer(id: string, { packs = 1, spent }: { packs?: number; spent?: string } = {}): Promise<string> {
  return buyer(stack, id, { packs, card: DISPUTED_CARD, ...(spent ? { spent } : {}) })
}

test('R01 a chargeback of 1,000 credits of which 50 were spent: 950 are revoked, 50 are owed, the next top-up leaves 950', async () => {
  const customerId = await disputer('r01', { packs: 10, spent: '50' })
  await untilCredits(stack, customerId, '0 of 1000, 50 used, 950 frozen')
  await decideDispute(stack, customerId, 'losing')
  await untilCredits(stack, customerId, '0 of 50, 50 used, 50 owed')
  expect(await entriesOf(stack, customerId, 3)).toEqual(['HOLD -950', 'RELEASE 950', 'VOID -950'])
  expect(await textsOf(stack, customerId, 3)).toEqual([
    'Frozen while the payment is in dispute',
    'Released, to be taken back',
    'Lost in a dispute: 950 for 100.00 of 100.00 USD',
  ])
  expect(await newestPayment(stack, customerId)).toMatchObject({
    status: 'REFUNDED',
    refunded: '100.00',
    refundable: '0.00',
    disputes: [{ status: 'LOST', amount: '100.00' }],
  })
  await putOnFile(stack, customerId, 'pm_card_visa')
  await buy(stack, customerId, { packs: 10, key: 'again' })
  expect(await creditsOf(stack, customerId)).toBe('950 of 1000, 50 used')
})

test('a dispute that is won gives back all that it froze', async () => {
  const customerId = await disputer('won', { spent: '30' })
  await untilCredits(stack, customerId, '0 of 100, 30 used, 70 frozen')
  const { id: paymentId, disputes } = await newestPayment(stack, customerId)
  expect(disputes).toMatchObject([{ status: 'OPEN', amount: '10.00' }])
  const { decision } = await consume(stack, { customerId, idempotencyKey: 'frozen' })
  expect(decision.allowed).toBe(false)
  expect(await faultOf(askRefundPayment(stack, { paymentId, idempotencyKey: 'no' }))).toBe('CONFLICT paymentId')
  await decideDispute(stack, customerId, 'winning')
  await untilCredits(stack, customerId, '70 of 100, 30 used')
  expect(await entriesOf(stack, customerId, 2)).toEqual(['HOLD -70', 'RELEASE 70'])
  expect(await newestPayment(stack, customerId)).toMatchObject({ status: 'SUCCEEDED', disputes: [{ status: 'WON' }] })
  expect(await refund(stack, customerId, 'now')).toMatchObject({ status: 'SUCCEEDED' })
  expect(await creditsOf(stack, customerId)).toBe('0 of 30, 30 used, 30 owed')
})

test('a dispute that is lost after a part was refunded takes the rest, and nothing twice', async () => {
  const customerId = await disputer('partly', { spent: '20' })
  // On the provider's pages: ours asks for disputes first, and the sandbox opens those to come for whoever asks.
  await stripeAt(stack).refunds.create({ payment_intent: await providerPaymentOf(stack, customerId), amount: 500 })
  await untilCredits(stack, customerId, '0 of 50, 20 used, 30 frozen')
  await decideDispute(stack, customerId, 'losing')
  await untilCredits(stack, customerId, '0 of 20, 20 used, 20 owed')
  expect(await newestPayment(stack, customerId)).toMatchObject({ refunded: '10.00', refundable: '0.00' })
})

test('usage that is voided during a dispute is frozen with the rest', async () => {
  const customerId = await disputer('voids', { spent: '100' })
  await until(
    () => newestPayment(stack, customerId),
    ({ disputes }) => disputes.length === 1,
  )
  await voidUsage(stack, customerId, 'spent')
  expect(await creditsOf(stack, customerId)).toBe('0 of 100, 0 used, 100 frozen')
  await decideDispute(stack, customerId, 'winning')
  await untilCredits(stack, customerId, '100 of 100, 0 used')
})

test('a grant that expires while it is in dispute gives nothing back when the dispute is won', async () => {
  const bundle = { code: 'pack-day', name: 'For a day', creditType: 'credits', credits: '100', price: '10.00' }
  await publishRateCard(stack, { ...STARTER, code: 'daily', bundles: [{ ...bundle, expiresAfterDays: 1 }] })
  const customerId = await signUp(stack, 'expires', 'prepaid')
  const document = `mutation ($input: PurchaseBundleInput!) { purchaseBundle(input: $input) {
    ... on CheckoutRequired { token } } }`
  const input = { customerId, bundle: 'pack-day', checkout: URLS, idempotencyKey: 'day' }
  const { data } = await stack.query<{ purchaseBundle: { token: string } }>(document, { input })
  await payCheckout(stack, data?.purchaseBundle.token as string, DISPUTED_CARD)
  await untilCredits(stack, customerId, '0 of 100, 0 used, 100 frozen')
  await advanceBy(stack, 2 * 86_400_000)
  await decideDispute(stack, customerId, 'winning')
  await until(
    () => newestPayment(stack, customerId),
    ({ disputes }) => disputes[0]?.status === 'WON',
  )
  expect(await entriesOf(stack, customerId, 3)).toEqual(['HOLD -100', 'RELEASE 100', 'EXPIRE -100'])
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
})

test('a bank that only inquires freezes nothing, and a refund is possible', async () => {
  const customerId = await signUp(stack, 'asked', 'prepaid')
  await buy(stack, customerId, { card: INQUIRED_CARD })
  expect((await disputeAt(stack, customerId)).status).toBe('warning_needs_response')
  await quiet(stack)
  expect(await creditsOf(stack, customerId)).toBe('100 of 100, 0 used')
  expect(await newestPayment(stack, customerId)).toMatchObject({ disputes: [], refundable: '10.00' })
  expect(await refund(stack, customerId, 'back', '1.00')).toMatchObject({ status: 'SUCCEEDED' })
})

test('a dispute about a subscription moves money only: the invoice says what went back', async () => {
  const customerId = await upsertCustomer(stack, 'subscriber')
  const sold = await subscribe(stack, { customerId, rateCard: 'premium', checkout: URLS })
  await payCheckout(stack, tokenOf(sold), DISPUTED_CARD)
  await decideDispute(stack, customerId, 'losing')
  await until(
    () => newestPayment(stack, customerId),
    ({ status }) => status === 'REFUNDED',
  )
  expect(await creditsOf(stack, customerId)).toBe('105 of 105, 0 used')
  const document = `query ($id: ID!) { invoices(customerId: $id) { nodes { status paid amountRefunded } } }`
  expect(await dataOf(stack.query(document, { id: customerId }))).toEqual({
    invoices: { nodes: [{ status: 'PAID', paid: '100.00', amountRefunded: '100.00' }] },
  })
})

test('P08 events of a lost dispute in each of 24 orders, each also doubled: one final state', async () => {
  const customerId = await disputer('p08', { spent: '30' })
  await disputeAt(stack, customerId)
  await decideDispute(stack, customerId, 'losing')
  await untilCredits(stack, customerId, '0 of 30, 30 used, 30 owed')
  await quiet(stack)
  const before = await entriesOf(stack, customerId, 100)
  const payment_intent = await providerPaymentOf(stack, customerId)
  const types = ['created', 'funds_withdrawn', 'updated', 'closed'].map((name) => `charge.dispute.${name}`)
  const orders = permutations(types)
  expect(orders).toHaveLength(24)
  await inTurn(24, async (order) => {
    const bodies = (orders[order] as string[]).map((type) => eventOf(`evt_p08_${order}_${type}`, type, payment_intent))
    for (const body of bodies) await Promise.all([body, body].map((each) => deliver(stack, each, signatureOf(each))))
  })
  await quiet(stack)
  expect(await creditsOf(stack, customerId)).toBe('0 of 30, 30 used, 30 owed')
  expect(await entriesOf(stack, customerId, 100)).toEqual(before)
})

test('P08 a dispute that is over before anything of it was heard ends in the same state', async () => {
  const customerId = await disputer('unheard', { spent: '30' })
  await breakProvider(stack, { match: 'GET /v1/refunds', fault: 'drop_before', times: 1_000 })
  await decideDispute(stack, customerId, 'losing')
  expect(await creditsOf(stack, customerId)).toBe('70 of 100, 30 used')
  await repairProvider(stack)
  await retryNow()
  await untilCredits(stack, customerId, '0 of 30, 30 used, 30 owed')
  expect(await entriesOf(stack, customerId, 2)).toEqual(['DRAW -30', 'VOID -70'])
})

test('a dispute that asks for more than was charged takes what was charged', async () => {
  await breakProvider(stack, { match: 'GET /v1/disputes', fault: 'rubbish', rubbish: 'wrong_amount', times: 1_000 })
  const customerId = await disputer('more')
  await untilCredits(stack, customerId, '0 of 100, 0 used, 100 frozen')
  expect(await newestPayment(stack, customerId)).toMatchObject({ disputes: [{ status: 'OPEN', amount: '10.00' }] })
  await decideDispute(stack, customerId, 'losing')
  await untilCredits(stack, customerId, '0 of 0, 0 used')
  await repairProvider(stack)
  const lost = {
    status: 'REFUNDED',
    refunded: '10.00',
    overRefunded: '0.00',
    disputes: [{ status: 'LOST', amount: '10.00' }],
  }
  expect(await newestPayment(stack, customerId)).toMatchObject(lost)
})

test('P06 a dispute about a payment that has not been settled here yet is not lost', async () => {
  const customerId = await signUp(stack, 'early', 'prepaid')
  const page = await openCardPage(stack, await openBundleCheckout(stack, customerId))
  await breakProvider(stack, { match: 'GET /v1/checkout/sessions/*', fault: 'drop_before', times: 1_000 })
  await typeCard(page, DISPUTED_CARD)
  const failed = () =>
    stack.database.query(
      `select 1 from provider_event where type = 'charge.dispute.created' and outcome is null and last_error is not null`,
    )
  await until(failed, (events) => events.length === 1)
  expect(await creditsOf(stack, customerId)).toBe('0 of 0, 0 used')
  await repairProvider(stack)
  await retryNow()
  await until(
    async () => {
      await retryNow()
      return creditsOf(stack, customerId)
    },
    (credits) => credits === '0 of 100, 0 used, 100 frozen',
  )
})

/** What could not be processed is tried again at once. */
async function retryNow(): Promise<void> {
  await stack.database.query(`update provider_event set next_attempt_at = now() where outcome is null`)
}

/** What a dispute's event says of it; the rest is asked for. */
function eventOf(id: string, type: string, payment_intent: string): string {
  return eventAbout(id, type, { id: 'du_any', object: 'dispute', payment_intent, metadata: {}, status: 'won' })
}

function permutations(items: readonly string[]): string[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((first, index) => permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]))
}
