import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTurn, until } from './at-once.ts'
import { customerToken, dataOf, faultOf, upsertCustomer } from './calls.ts'
import { newestInvoice, openInvoiceCheckout } from './invoice-links.ts'
import { advanceToPeriodEnd, putOnFile, start, subscriptionOf } from './living.ts'
import { askPayCheckout, confirmCheckout, openCardPage, payCheckout, typeCard } from './pay-checkout.ts'
import { breakProvider, repairProvider } from './provider.ts'
import {
  askRefundPayment,
  buyer,
  DISPUTED_CARD,
  decideDispute,
  newestPayment,
  payments,
  quiet,
  REFUND_FAILS_CARD,
  refund,
  refundsAt,
} from './refunding.ts'
import { keyOf } from './rows.ts'
import { subscribe, tokenOf, URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { PREMIUM, publishRateCard, publishWorkedExample, STARTER } from './worked-example.ts'

// Money that moves when nobody expects it any more.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

const noteOf = (invoiceId: string | null, amount?: string) =>
  stack.query(`mutation ($input: CreditNoteInput!) { createCreditNote(input: $input) { amount } }`, {
    input: { invoiceId, amount, reason: 'Sorry', idempotencyKey: `note ${amount}` },
  })

test('an invoice that was paid on a page at another account of the provider can be credited, and is not refunded', async () => {
  const customerId = await buyer(stack, 'moved')
  await quiet(stack)
  const key = await keyOf(stack.database, customerId)
  for (const table of ['payment_profile', 'payment_method']) {
    await stack.database.query(`update ${table} set account = 'acct_other test' where customer_pk = $1`, [key])
  }
  const { id: paymentId, invoiceId } = await newestPayment(stack, customerId)
  // The key's account knows nothing of that payment.
  await breakProvider(stack, { match: 'GET /v1/charges', fault: 'rubbish', rubbish: 'missing_fields', times: 1_000 })
  expect(await faultOf(askRefundPayment(stack, { paymentId, idempotencyKey: 'no' }))).toBe('CONFLICT paymentId')
  const noted = await noteOf(invoiceId)
  await repairProvider(stack)
  expect(noted).toMatchObject({ errors: [], data: { createCreditNote: { amount: '100.00' } } })
})

test('a refund that fails after the rest of the invoice was credited: what failed can be given back once', async () => {
  const customerId = await buyer(stack, 'fails-late', { card: REFUND_FAILS_CARD })
  const { invoiceId } = await newestPayment(stack, customerId)
  await refund(stack, customerId, 'most', '60.00')
  expect((await noteOf(invoiceId, '40.00')).errors).toEqual([])
  const failed = await until(
    () => newestPayment(stack, customerId),
    ({ refunds }) => refunds[0]?.status === 'FAILED',
  )
  expect(failed).toMatchObject({ refunded: '0.00', refundable: '60.00', overRefunded: '0.00' })
  expect(await dataOf(noteOf(invoiceId))).toEqual({ createCreditNote: { amount: '60.00' } })
  expect(await newestPayment(stack, customerId)).toMatchObject({ refundable: '0.00', overRefunded: '0.00' })
})

test.each([
  ['losing', []],
  ['winning', [10_000]],
] as const)(
  'a return that a dispute forbids, of %s evidence: the money goes back once, and is done',
  async (evidence, refunded) => {
    const customerId = await upsertCustomer(stack, `disputed-${evidence}`)
    const pages = await inTurn(2, async (tab) => {
      const checkout = { ...URLS, successUrl: `${URLS.successUrl}?tab=${tab}` }
      return tokenOf(await subscribe(stack, { customerId, rateCard: 'premium', checkout }))
    })
    await payCheckout(stack, pages[0] as string)
    await breakProvider(stack, { match: 'POST /v1/refunds', fault: 'drop_before', times: 1_000 })
    await typeCard(await openCardPage(stack, pages[1] as string), DISPUTED_CARD)
    const statuses = () =>
      stack.database.query<{ status: string }>(`select status::text from payment where customer_pk = $1 order by id`, [
        key,
      ])
    const key = await keyOf(stack.database, customerId)
    await until(statuses, (all) => all[1]?.status === 'REFUNDING')
    await decideDispute(stack, customerId, evidence)
    await repairProvider(stack)
    await until(statuses, (all) => all[1]?.status === 'REFUNDED')
    expect(await refundsAt(stack, customerId)).toEqual(refunded)
    await quiet(stack)
  },
)

test('one invoice, paid by its link and from the portal at once, in two processes: one of the two goes back', async () => {
  const peer = await stack.addPeer()
  await inTurn(2, async (round) => {
    const customerId = `twice-${round}`
    await start(stack, customerId, 'premium')
    await putOnFile(stack, customerId, 'pm_card_visa_chargeDeclinedInsufficientFunds')
    await advanceToPeriodEnd(stack, customerId)
    await putOnFile(stack, customerId, 'pm_card_visa')
    const { token } = await newestInvoice(stack, customerId)
    const byLink = await openInvoiceCheckout(stack, token)
    const own = await openInvoiceCheckout(stack, token, await customerToken(stack, customerId))
    const page = await openCardPage(stack, byLink)
    await Promise.all([
      typeCard(page, '5555555555554444').then(() => confirmCheckout(peer, byLink)),
      askPayCheckout(stack, own, { method: 'CARD_ON_FILE' }),
    ])
    await quiet(stack)
    expect(await newestInvoice(stack, customerId)).toMatchObject({ status: 'PAID' })
    expect((await subscriptionOf(stack, customerId)).status).toBe('ACTIVE')
    const made = (await payments(stack, customerId)).slice(0, 2).map(({ status }) => status)
    expect(made.sort()).toEqual(['RETURNED', 'SUCCEEDED'])
  })
  await peer.close()
})

test('a credit note leaves nothing to pay that no card can be charged', async () => {
  await start(stack, 'small-rest', 'premium')
  await putOnFile(stack, 'small-rest', 'pm_card_visa_chargeDeclinedInsufficientFunds')
  await advanceToPeriodEnd(stack, 'small-rest')
  const { id, token } = await newestInvoice(stack, 'small-rest')
  expect(await faultOf(noteOf(id, '99.80'))).toBe('INVALID_INPUT amount')
  expect((await noteOf(id, '99.50')).errors).toEqual([])
  expect(await payCheckout(stack, await openInvoiceCheckout(stack, token))).toMatchObject({ status: 'COMPLETED' })
  expect((await subscriptionOf(stack, 'small-rest')).status).toBe('ACTIVE')
})

test('in a currency of three decimals nothing goes back that banks can not count', async () => {
  await publishRateCard(stack, {
    ...PREMIUM,
    code: 'dinar',
    currency: 'KWD',
    fixedRates: [{ code: 'base', name: 'Dinar', price: { flat: { amount: '10.000' } } }],
    usageRates: STARTER.usageRates,
  })
  await upsertCustomer(stack, 'dinar')
  await payCheckout(stack, tokenOf(await subscribe(stack, { customerId: 'dinar', rateCard: 'dinar', checkout: URLS })))
  const { id: paymentId, invoiceId } = await newestPayment(stack, 'dinar')
  expect(await faultOf(noteOf(invoiceId, '1.234'))).toBe('INVALID_INPUT amount')
  const refunding = { paymentId, amount: '1.234', idempotencyKey: 'odd' }
  expect(await faultOf(askRefundPayment(stack, refunding))).toBe('INVALID_INPUT amount')
  expect((await noteOf(invoiceId, '1.230')).errors).toEqual([])
  expect(await refund(stack, 'dinar', 'rest')).toMatchObject({ status: 'SUCCEEDED', amount: '8.770' })
})
