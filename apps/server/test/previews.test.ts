import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consume, dataOf, recordUsage } from './calls.ts'
import { advanceToPeriodEnd, bills, change, live, start, subscriptionOf } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, YEARLY } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  await publishRateCard(stack, YEARLY)
})
afterAll(() => stack.close())

const spend = (customerId: string, quantity: string, idempotencyKey: string) =>
  consume(stack, { customerId, idempotencyKey, quantity })

describe('a preview says what the change then does', () => {
  const PREVIEW = `query ($input: ChangeRateCardInput!) { previewRateCardChange(input: $input) {
    effectiveAt dueNow { amount currency } lines { description amount } nextRenewal { amount } nextRenewalAt
    balancesBefore { available } balancesAfter { available granted used } } }`

  interface Preview {
    readonly effectiveAt: string
    readonly dueNow: { readonly amount: string }
    readonly lines: readonly { readonly description: string; readonly amount: string }[]
    readonly nextRenewal: { readonly amount: string }
    readonly nextRenewalAt: string
    readonly balancesBefore: readonly { readonly available: string }[]
    readonly balancesAfter: readonly { readonly available: string; readonly granted: string; readonly used: string }[]
  }

  async function preview(customerId: string, input: object): Promise<Preview> {
    const { id } = await subscriptionOf(stack, customerId)
    const variables = { input: { subscriptionId: id, ...input } }
    return (await dataOf(stack.query<{ previewRateCardChange: Preview }>(PREVIEW, variables))).previewRateCardChange
  }

  test.each([
    ['an upgrade', 'starter', { rateCard: 'premium' }],
    ['a downgrade', 'premium', { rateCard: 'starter' }],
    ['an interval', 'premium', { rateCard: 'premium-yearly' }],
  ])('%s at once', async (name, from, input) => {
    const customerId = await start(stack, `preview-${name.replace(' ', '-')}`, from)
    await spend(customerId, '3', 'three')
    const before = await live(stack, customerId)
    const told = await preview(customerId, input)
    const still = await live(stack, customerId)
    expect({ ...still, at: before.at }).toEqual(before)
    expect(told.balancesBefore[0]?.available).toBe(before.balances[0]?.available)

    await change(stack, customerId, input.rateCard)
    const [bill] = await bills(stack, customerId)
    // A change of interval credits the time that is left, which has gone on a little since the preview.
    expect(Math.abs(Number(bill?.total) - Number(told.dueNow.amount))).toBeLessThan(0.02)
    expect(told.lines.map(({ description }) => description)).toEqual(bill?.lines.map(({ description }) => description))
    const { balances } = await live(stack, customerId)
    expect(told.balancesAfter[0]).toMatchObject({
      available: balances[0]?.available,
      granted: balances[0]?.granted,
      used: balances[0]?.used,
    })
    const { currentPeriodEnd } = await subscriptionOf(stack, customerId)
    expect(Math.abs(Date.parse(told.nextRenewalAt) - Date.parse(currentPeriodEnd))).toBeLessThan(60_000)
  })

  test('one that waits for the period end: nothing now, and the balance after it', async () => {
    const customerId = await start(stack, 'preview-later', 'premium')
    await spend(customerId, '3', 'three')
    const told = await preview(customerId, { rateCard: 'starter', behavior: 'AT_PERIOD_END' })
    const { currentPeriodEnd } = await subscriptionOf(stack, customerId)
    expect(told).toMatchObject({
      effectiveAt: currentPeriodEnd,
      dueNow: { amount: '0.00' },
      lines: [],
      nextRenewal: { amount: '20.00' },
      nextRenewalAt: currentPeriodEnd,
      balancesBefore: [{ available: '102' }],
      balancesAfter: [{ available: '25', granted: '25', used: '0' }],
    })
  })

  test('the upcoming invoice is a draft of the next one', async () => {
    const customerId = await start(stack, 'draft', 'premium')
    await recordUsage(stack, [{ customerId, idempotencyKey: 'all', value: '113' }])
    const { id } = await subscriptionOf(stack, customerId)
    const document = `query ($id: ID!) { upcomingInvoice(subscriptionId: $id) { number status total lines { description amount } } }`
    const { upcomingInvoice } = await dataOf(stack.query<{ upcomingInvoice: object }>(document, { id }))
    expect(upcomingInvoice).toMatchObject({ number: 'DRAFT', status: 'DRAFT', total: '107.20' })
    expect(await bills(stack, customerId)).toHaveLength(1)
    await advanceToPeriodEnd(stack, customerId)
    const [bill] = await bills(stack, customerId)
    expect(bill).toMatchObject({ status: 'PAID', total: '107.20' })
  })
})
