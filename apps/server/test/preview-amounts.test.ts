import { afterAll, beforeAll, expect, test } from 'vitest'
import { consume, dataOf } from './calls.ts'
import { advanceBy, advanceTo, bills, DAY, live, start, subscriptionOf } from './living.ts'
import { countOwnRows, sumVersions } from './rows.ts'
import { changeRateCard } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, STARTER } from './worked-example.ts'

// A preview is the change, taken back: same lines, same tax, same credits, in every currency and form of price.

let stack: Stack

const card = (code: string, price: object, credits: string, more: object = {}) => ({
  ...STARTER,
  code,
  name: code,
  bundles: [],
  fixedRates: [{ code: 'base', name: 'base', price, defaultQuantity: 3 }],
  allowances: [{ creditType: 'credits', amount: credits }],
  ...more,
})
const tiers = [{ upTo: '2', unit: '3.33', flat: '1.01' }, { unit: '1.11' }]
const CARDS = [
  card('yen', { flat: { amount: '333' } }, '10', { currency: 'JPY' }),
  card('more-yen', { flat: { amount: '1001' } }, '37', { currency: 'JPY' }),
  card('dinar', { flat: { amount: '7.777' } }, '37', { currency: 'KWD' }),
  card('less-dinar', { flat: { amount: '3.333' } }, '10', { currency: 'KWD' }),
  card('graduated', { graduated: { tiers } }, '10'),
  card('volume', { volume: { tiers: [{ upTo: '5', unit: '9.99' }, { unit: '7.77' }] } }, '37'),
  card('packages', { package: { amount: '13.37', units: '2', rounding: 'UP' } }, '21'),
]

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  for (const input of CARDS) await publishRateCard(stack, input)
})
afterAll(() => stack.close())

const LINES = `lines { description amount quantity proration }`
const PREVIEW = `query ($input: ChangeRateCardInput!) { previewRateCardChange(input: $input) {
  effectiveAt dueNow { amount } ${LINES} nextRenewal { amount } balancesAfter { available granted used } } }`

interface Preview {
  readonly effectiveAt: string
  readonly dueNow: { readonly amount: string }
  readonly lines: readonly object[]
  readonly nextRenewal: { readonly amount: string }
  readonly balancesAfter: readonly object[]
}

/** A customer a week into a period of which four credits are used, taxed in one way or the other. */
async function aWeekIn(customerId: string, rateCard: string, mode: string): Promise<string> {
  const document = `mutation ($id: ID!, $tax: TaxRateInput) { upsertCustomer(input: { id: $id, taxRate: $tax }) { id } }`
  await dataOf(stack.query(document, { id: customerId, tax: { name: 'VAT', percent: '8.25', mode } }))
  await start(stack, customerId, rateCard)
  await advanceBy(stack, 7 * DAY + 12_345)
  await consume(stack, { customerId, idempotencyKey: 'four', quantity: '4' })
  return (await subscriptionOf(stack, customerId)).id
}

/** The preview, which must have written nothing. */
async function preview(input: object): Promise<Preview> {
  const before = [await countOwnRows(stack.database), await sumVersions(stack.database)]
  const { previewRateCardChange } = await dataOf(stack.query<{ previewRateCardChange: Preview }>(PREVIEW, { input }))
  expect([await countOwnRows(stack.database), await sumVersions(stack.database)]).toEqual(before)
  return previewRateCardChange
}

async function newestLines(customerId: string): Promise<readonly object[] | undefined> {
  const document = `query ($id: ID!) { invoices(customerId: $id, first: 1) { nodes { ${LINES} } } }`
  type Answer = { invoices: { nodes: { lines: object[] }[] } }
  return (await dataOf(stack.query<Answer>(document, { id: customerId }))).invoices.nodes[0]?.lines
}

const balances = async (customerId: string) =>
  (await live(stack, customerId)).balances.map(({ available, granted, used }) => ({ available, granted, used }))

const PAIRS = [
  ['yen', 'more-yen'],
  ['more-yen', 'yen'],
  ['dinar', 'less-dinar'],
  ['graduated', 'volume'],
  ['volume', 'packages'],
] as const
const cases = PAIRS.flatMap(([from, to]) =>
  ['EXCLUSIVE', 'INCLUSIVE'].map((mode) => [from, to, mode] as [string, string, string]),
)

test.each(cases)('from %s to %s, tax %s, for the whole period', async (from, to, mode) => {
  const customerId = `whole-${from}-${to}-${mode}`
  const input = { subscriptionId: await aWeekIn(customerId, from, mode), rateCard: to }
  const told = await preview(input)
  await changeRateCard(stack, input)
  expect(await newestLines(customerId)).toEqual(told.lines)
  expect((await bills(stack, customerId))[0]?.total).toBe(told.dueNow.amount)
  expect(await balances(customerId)).toEqual(told.balancesAfter)
})

test.each(cases)('from %s to %s, tax %s, at the period end', async (from, to, mode) => {
  const customerId = `later-${from}-${to}-${mode}`
  const subscriptionId = await aWeekIn(customerId, from, mode)
  const input = { subscriptionId, rateCard: to, behavior: 'AT_PERIOD_END' }
  const told = await preview(input)
  await changeRateCard(stack, input)
  await advanceTo(stack, told.effectiveAt)
  expect((await bills(stack, customerId))[0]?.total).toBe(told.nextRenewal.amount)
  expect(await balances(customerId)).toEqual(told.balancesAfter)
})
