import { createFlorin, type Florin } from '@florin/sdk'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser, look } from './browser.ts'
import { answerBank, CHALLENGED_CARD, typeCard } from './card-page.ts'
import { STUDIO, TEAM } from './cards.ts'
import { type DemoStack, startDemoStack } from './stack.ts'

const START_MS = 240_000

let stack: DemoStack
let browser: Browser
let florin: Florin
let context: BrowserContext
let customers = 0

beforeAll(async () => {
  stack = await startDemoStack()
  florin = createFlorin({ url: stack.florinUrl, secretKey: stack.secretKey })
  for (const card of [TEAM, STUDIO]) await florin.publishRateCard(card)
  browser = await launchBrowser()
}, START_MS)
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
}, START_MS)

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1180, height: 900 }, locale: 'en-US' })
})
afterEach(() => context.close())

async function newCustomer(taxRate?: { name: string; percent: string; mode: 'INCLUSIVE' }): Promise<string> {
  customers += 1
  const id = `buyer-${customers}`
  await florin.upsertCustomer({ id, name: 'Ada Lovelace', ...(taxRate && { taxRate }) })
  return id
}

/** The address of a checkout, which leads back to pages of the demo. */
async function openOrder(customerId: string, what: object): Promise<string> {
  const checkout = { successUrl: `${stack.demoUrl}/?paid`, cancelUrl: `${stack.demoUrl}/?canceled` }
  return (await florin.createCheckoutSession({ customerId, checkout, ...what })).url
}

async function visit(url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

/** What was paid, newest first. */
async function paid(customerId: string): Promise<string[]> {
  const { nodes } = await florin.payments({ customerId })
  return nodes.filter(({ status }) => status === 'SUCCEEDED').map(({ amount }) => amount)
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name })
const pay = (page: Page, name: string | RegExp = /^Pay/) => page.getByRole('button', { name })

test('seats are chosen by keyboard and paid with a new card; the way back pays nothing again', async () => {
  const customerId = await newCustomer()
  const page = await visit(await openOrder(customerId, { rateCard: 'team' }))
  await pay(page, 'Pay $36.00').waitFor()
  await look(page, 'checkout-order')

  const seats = page.getByLabel('Seats', { exact: true })
  await seats.focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await pay(page, 'Pay $52.00').waitFor()
  expect(await seats.inputValue()).toBe('4')
  await page.getByText('Then $52.00 every month').waitFor()
  await pay(page).click()
  await typeCard(page)

  // It goes on by itself after a while, unless somebody wants to read.
  await page.getByRole('button', { name: 'Stay here' }).click()
  await heading(page, 'You’re on Team').waitFor()
  await page.getByText('Credits now').waitFor()
  await look(page, 'checkout-paid')
  expect(await page.getByRole('definition').first().textContent()).toBe('200')
  const [receipt] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: /^Invoice/ }).click(),
  ])
  await receipt.getByRole('heading', { name: /^Invoice/ }).waitFor()
  await page.getByRole('link', { name: /^Continue to/ }).click()
  await page.waitForURL(/\?paid$/)

  await page.goBack()
  await heading(page, 'This order is already paid').waitFor()
  expect(await page.getByText(/^Going back in/).count()).toBe(0)
  await look(page, 'checkout-already-paid')
  await page.goBack()
  await page.waitForLoadState()
  expect(await paid(customerId)).toEqual(['52.00'])
})

test('the card on file is charged once for a double click, and tells what it did', async () => {
  const customerId = await newCustomer({ name: 'IVA', percent: '21', mode: 'INCLUSIVE' })
  const first = await visit(await openOrder(customerId, { rateCard: 'team' }))
  await pay(first).click()
  await typeCard(first)
  await heading(first, 'You’re on Team').waitFor()

  const page = await visit(await openOrder(customerId, { bundle: 'pack', quantity: 3 }))
  await page.getByText('Your card on file, expires 12/2040.').waitFor()
  await look(page, 'checkout-card-on-file')
  await page.getByRole('button', { name: 'One fewer: 100 credits' }).click()
  await page.getByText('$20.00').first().waitFor()
  await pay(page, 'Pay with Visa •••• 4242').dblclick()
  await heading(page, '100 credits: added').waitFor()
  expect(await paid(customerId)).toEqual(['20.00', '36.00'])

  const change = await visit(await openOrder(customerId, { rateCard: 'premium' }))
  await page.getByText('300').first().waitFor()
  await change.getByText('Unused part of Team').first().waitFor()
  await look(change, 'checkout-change')
})

test('a declined card says what to do, and another one pays the same order', async () => {
  const customerId = await newCustomer()
  const page = await visit(await openOrder(customerId, { rateCard: 'team' }))
  await pay(page).click()
  for (const [number, words] of [
    ['4000000000009995', /insufficient funds.*another card/],
    ['4000000000000069', /expired.*another card/],
    ['4000000000000002', /declined.*another card/],
  ] as const) {
    await typeCard(page, number)
    await page.getByRole('alert').filter({ hasText: words }).waitFor()
  }
  await page.getByRole('link', { name: 'Back' }).click()
  await page.getByRole('alert').getByText('You came back without paying').waitFor()
  await look(page, 'checkout-came-back')
  expect(await paid(customerId)).toEqual([])

  await pay(page).click()
  await typeCard(page)
  await heading(page, 'You’re on Team').waitFor()
  expect(await paid(customerId)).toEqual(['36.00'])
})

test('a bank that refuses to confirm charges nothing, and one that confirms completes the order', async () => {
  const customerId = await newCustomer()
  const page = await visit(await openOrder(customerId, { rateCard: 'team' }))
  await pay(page).click()
  await typeCard(page, CHALLENGED_CARD)
  await answerBank(page, 'Fail')
  await page.getByRole('alert').getByText('Your bank could not confirm it is you').waitFor()
  expect(await paid(customerId)).toEqual([])
  await typeCard(page, CHALLENGED_CARD)
  await answerBank(page, 'Complete')
  await heading(page, 'You’re on Team').waitFor()

  // Off session the same card is refused: the bank wants its customer, who is sent to the card page.
  const pack = await visit(await openOrder(customerId, { bundle: 'pack' }))
  await pay(pack, /^Pay with Visa/).click()
  await typeCard(pack, CHALLENGED_CARD)
  await answerBank(pack, 'Complete')
  await heading(pack, '100 credits: added').waitFor()
  expect(await paid(customerId)).toEqual(['10.00', '36.00'])
})

test('two tabs: one pays, the other says so by itself, and by hand', async () => {
  const customerId = await newCustomer()
  const url = await openOrder(customerId, { rateCard: 'team' })
  const [first, second, third] = [await visit(url), await visit(url), await visit(url)]
  await pay(second).waitFor()
  await pay(third).click()
  await third.getByLabel('Card number').waitFor()
  await pay(first).click()
  await typeCard(first)
  await heading(first, 'You’re on Team').waitFor()

  // Both tabs stood on the same card page; what is paid there once is paid.
  await third.reload()
  await third.getByRole('heading', { name: 'This checkout is finished' }).waitFor()
  await second.evaluate(() => dispatchEvent(new Event('focus')))
  await heading(second, 'This order is already paid').waitFor()
  await second.reload()
  await heading(second, 'This order is already paid').waitFor()
  await second.getByText('It was paid before; nothing was charged again.').waitFor()
  expect(await paid(customerId)).toEqual(['36.00'])
})

test('two orders for the same change: the second payment goes back, and its page says so', async () => {
  const customerId = await newCustomer()
  const start = await visit(await openOrder(customerId, { rateCard: 'team' }))
  await pay(start).click()
  await typeCard(start)
  await heading(start, 'You’re on Team').waitFor()

  const checkout = (tab: string) => ({ successUrl: `${stack.demoUrl}/?${tab}`, cancelUrl: stack.demoUrl })
  const pages: Page[] = []
  for (const tab of ['one', 'two']) {
    const page = await visit(await openOrder(customerId, { rateCard: 'premium', checkout: checkout(tab) }))
    await pay(page, 'Use another card').click()
    await page.getByLabel('Card number').waitFor()
    pages.push(page)
  }
  const [one, two] = pages as [Page, Page]
  await typeCard(one)
  await heading(one, 'You’re on Premium').waitFor()
  await typeCard(two)
  await heading(two, 'Your payment was returned').waitFor()
  await look(two, 'checkout-returned')
  expect(await paid(customerId)).toHaveLength(2)
})

test('a number that was changed in another tab is not paid unseen', async () => {
  const customerId = await newCustomer()
  const url = await openOrder(customerId, { rateCard: 'team' })
  const [behind, ahead] = [await visit(url), await visit(url)]
  await pay(behind, 'Pay $36.00').waitFor()
  await ahead.getByRole('button', { name: 'One more: Seats' }).click()
  await pay(ahead, 'Pay $44.00').waitFor()
  await pay(behind).click()
  await behind.getByRole('alert').getByText('This order has changed').waitFor()
  await pay(behind, 'Pay $44.00').waitFor()
  await look(behind, 'checkout-changed')
})

test('a number is typed, and one that is none says so', async () => {
  const customerId = await newCustomer()
  const page = await visit(await openOrder(customerId, { rateCard: 'team' }))
  const seats = page.getByLabel('Seats', { exact: true })
  await seats.fill('0')
  await page.getByRole('alert').getByText('from 1 to 99').waitFor()
  await look(page, 'checkout-bad-number')
  await seats.fill('99')
  await pay(page, 'Pay $812.00').waitFor()
  await seats.fill('100')
  await page.getByRole('alert').getByText('from 1 to 99').waitFor()
  await seats.fill('12')
  await pay(page, 'Pay $116.00').waitFor()
})

test('a trial costs nothing today and says when it does', async () => {
  const customerId = await newCustomer()
  const page = await visit(await openOrder(customerId, { rateCard: 'studio' }))
  await page.getByText(/^First charge on .*\$36\.00, then every month$/).waitFor()
  await page.getByText(/^Cancel before .* and you pay nothing\.$/).waitFor()
  await look(page, 'checkout-trial')
  await page.getByRole('button', { name: 'Start the free trial' }).click()
  await heading(page, 'You’re on Studio').waitFor()
  expect((await florin.billingState(customerId)).subscriptions).toMatchObject([{ status: 'TRIALING' }])
})

test('a link that nobody issued, and a page without JavaScript', async () => {
  const url = await openOrder(await newCustomer(), { rateCard: 'team' })
  const forged = await visit(`${url.slice(0, -4)}AAAA`)
  await heading(forged, 'We don’t know this order').waitFor()
  await look(forged, 'checkout-unknown')

  const plain = await browser.newContext({ javaScriptEnabled: false })
  const page = await plain.newPage()
  await page.goto(url)
  // Told apart by its class: what looks for text passes over a noscript.
  await page.locator('.noscript').waitFor()
  expect(await page.locator('.noscript').textContent()).toContain('needs JavaScript')
  await plain.close()
})

// An hour, and a bank that takes days, are longer than a test: the status is said for the server, all else is its answer.
test.each([
  ['EXPIRED', 'This order has expired'],
  ['PENDING', 'Your bank is confirming'],
])('an order that is %s leads back to the app', async (status, title) => {
  const url = await openOrder(await newCustomer(), { rateCard: 'team' })
  const page = await context.newPage()
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch()
    const { data } = (await response.json()) as { data: { checkout: object } }
    await route.fulfill({ response, json: { data: { checkout: { ...data.checkout, status } } } })
  })
  await page.goto(url)
  await heading(page, title).waitFor()
  await look(page, `checkout-${status.toLowerCase()}`)
  expect(await pay(page).count()).toBe(0)
  await page.getByRole('link', { name: /^Back to/ }).click()
  await page.waitForURL(/\?canceled$/)
})

test('a server that is down can be asked again', async () => {
  const url = await openOrder(await newCustomer(), { rateCard: 'team' })
  const page = await context.newPage()
  await page.route('**/graphql', (route) => route.abort())
  await page.goto(url)
  await heading(page, 'We can’t reach the server').waitFor()
  await look(page, 'checkout-unreachable')
  await page.unroute('**/graphql')
  await page.getByRole('button', { name: 'Try again' }).click()
  await pay(page).waitFor()
})
