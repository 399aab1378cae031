import { createFlorin, type Florin } from '@florin/sdk'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser, look, overlayFrame, photograph, seriousBarriers } from './browser.ts'
import { typeCard } from './card-page.ts'
import { type DemoStack, startDemoStack } from './stack.ts'

const START_MS = 240_000
const WALK_MS = 240_000
const WIDE = { width: 1180, height: 900 }

let stack: DemoStack
let browser: Browser
let florin: Florin
/** What the browser's console complained about: a page under a strict policy has nothing to say there. */
let complaints: string[] = []

beforeAll(async () => {
  stack = await startDemoStack()
  florin = createFlorin({ url: stack.florinUrl, secretKey: stack.secretKey })
  browser = await launchBrowser()
  const usageRates = [{ code: 'generations', name: 'Characters', meter: 'character_generation', creditType: 'credits' }]
  await florin.publishRateCard({
    code: 'studio',
    name: 'Studio',
    description: 'For teams.',
    fixedRates: [{ code: 'seats', name: 'Seats', price: { flat: { amount: '15.00' } } }],
    usageRates,
    allowances: [{ creditType: 'credits', amount: '50', perQuantityOf: 'seats' }],
    features: { priority_queue: true },
  })
  await florin.publishRateCard({
    code: 'starter_yearly',
    name: 'Starter, yearly',
    interval: 'YEAR',
    fixedRates: [{ code: 'fee', name: 'Yearly fee', price: { flat: { amount: '200.00' } } }],
    usageRates,
    allowances: [{ creditType: 'credits', amount: '300' }],
  })
}, START_MS)

afterEach(async () => {
  const seen = complaints
  complaints = []
  await Promise.all(browser.contexts().map((context) => context.close()))
  expect(seen).toEqual([])
})

afterAll(async () => {
  await browser?.close()
  await stack?.stop()
}, START_MS)

test('from a session’s address up, down, back and out, live', { timeout: WALK_MS }, async () => {
  const page = await openPortal('ada')
  await available(page, '5')
  await expect.poll(() => page.title()).toBe('Overview – Sandbox')
  await florin.consume({ customerId: 'ada', meter: 'character_generation', quantity: 3, idempotencyKey: 'three' })
  await available(page, '2')

  await page.getByRole('link', { name: 'Plan' }).click()
  await page.getByRole('button', { name: 'Upgrade to Premium' }).click()
  const change = page.getByRole('dialog', { name: 'Change to Premium' })
  await change.getByLabel('What it costs').getByText('Due now').waitFor()
  expect(await change.getByLabel('Your credits').textContent()).toContain('from 2→ to 102')
  await look(page, 'portal-change')
  await change.getByRole('button', { name: 'Continue to payment' }).click()
  await payInOverlay(page, '$100.00')
  await page.getByText('You’re on Premium now.').waitFor()
  await page.getByRole('heading', { name: 'Premium', level: 2 }).waitFor()
  await look(page, 'portal-plan')

  await page.getByRole('button', { name: 'Downgrade to Free' }).click()
  const down = page.getByRole('dialog', { name: 'Change to Free' })
  expect(await down.getByRole('radio', { name: /^On / }).isChecked()).toBe(true)
  await down.getByRole('button', { name: /^Change on / }).click()
  await page
    .getByRole('strong')
    .filter({ hasText: /^Premium changes to Free on / })
    .waitFor()
  await page.getByRole('button', { name: 'Take it back' }).click()
  await page
    .getByRole('strong')
    .filter({ hasText: /^Premium changes to Free on / })
    .waitFor({ state: 'detached' })
  expect(await subscriptionOf('ada')).toMatchObject({ rateCard: { code: 'premium' }, pendingRateCard: null })

  await page.getByRole('button', { name: 'Cancel Premium' }).click()
  const cancel = page.getByRole('dialog', { name: 'Cancel Premium?' })
  await cancel.getByText(/^Your plan’s credits can be used until /).waitFor()
  await look(page, 'portal-cancel')
  await cancel.getByRole('radio', { name: 'It costs too much' }).check()
  await cancel.getByRole('textbox').fill('Half would do.')
  await cancel.getByRole('button', { name: /^Cancel on / }).click()
  await page
    .getByRole('strong')
    .filter({ hasText: /^Premium ends on / })
    .waitFor()
  expect(await subscriptionOf('ada')).toMatchObject({
    cancelAtPeriodEnd: true,
    cancellation: { reason: 'TOO_EXPENSIVE', comment: 'Half would do.' },
  })
  await page.getByRole('link', { name: 'Overview' }).click()
  await look(page, 'portal-overview')
  await page.getByRole('button', { name: 'Keep Premium' }).click()
  await page
    .getByRole('strong')
    .filter({ hasText: /^Premium ends on / })
    .waitFor({ state: 'detached' })
  expect(await subscriptionOf('ada')).toMatchObject({ cancelAtPeriodEnd: false, cancellation: null })

  await page.getByRole('link', { name: 'Back to Sandbox' }).click()
  await page.waitForURL(`${stack.demoUrl}/**`)
})

test('a first plan, its seats and a yearly one, with the card on file', { timeout: WALK_MS }, async () => {
  const page = await openPortal('grace', '/plan', null)
  await page.getByRole('heading', { name: 'Choose a plan' }).waitFor()
  await page.getByRole('button', { name: 'Choose Studio' }).click()
  const start = page.getByRole('dialog', { name: 'Choose Studio' })
  await start.getByRole('button', { name: 'One more: Seats' }).click()
  await start.getByText('$30 a month').waitFor()
  await start.getByRole('button', { name: 'Continue to payment' }).click()
  await payInOverlay(page, '$30.00')
  await page.getByText('You’re on Studio now.').waitFor()

  await page.getByRole('button', { name: 'Change seats' }).click()
  const seats = page.getByRole('dialog', { name: 'Change seats' })
  await seats.getByRole('spinbutton', { name: 'Seats' }).fill('5')
  await seats.getByText('Paid with Visa •••• 4242').waitFor()
  await look(page, 'portal-seats')
  await seats.getByRole('button', { name: 'Pay $45.00 and change' }).click()
  await page.getByText('Done: Studio is changed.').waitFor()
  expect(await subscriptionOf('grace')).toMatchObject({ quantities: [{ code: 'seats', quantity: 5 }] })

  await page.getByRole('button', { name: 'Change seats' }).click()
  await seats.getByRole('button', { name: 'One fewer: Seats' }).click()
  await seats.getByRole('button', { name: /^Change on / }).click()
  await page
    .getByRole('strong')
    .filter({ hasText: /^Seats of Studio change from 5 to 4 on / })
    .waitFor()

  await page.getByRole('radio', { name: 'Yearly' }).check()
  await page.getByRole('button', { name: 'Switch to Starter, yearly' }).click()
  const yearly = page.getByRole('dialog', { name: 'Change to Starter, yearly' })
  await yearly.getByLabel('What it costs').waitFor()
  await yearly.getByRole('button', { name: 'Close' }).click()
})

test('by keyboard alone', { timeout: WALK_MS }, async () => {
  const page = await openPortal('alan')
  await available(page, '5')
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  const tabTo = async (label: RegExp) => {
    for (let presses = 0; presses < 40 && !label.test((await focused()) ?? ''); presses++)
      await page.keyboard.press('Tab')
    expect(await focused()).toMatch(label)
  }
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Skip to the content')
  await tabTo(/^Plan$/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Plan', level: 1 }).waitFor()
  await expect.poll(focused).toBe('Plan')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')

  await tabTo(/^Upgrade to Premium$/)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Change to Premium' })
  await dialog.getByText('Due now').waitFor()
  for (let presses = 0; presses < 6; presses++) {
    await page.keyboard.press('Tab')
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  }
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  // The dialog gives the focus back once it has gone.
  await expect.poll(focused).toBe('Upgrade to Premium')

  await tabTo(/^Cancel Free$/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Cancel Free?' }).waitFor()
  await page.getByRole('radio', { name: 'It costs too much' }).focus()
  await page.keyboard.press('ArrowDown')
  expect(await page.getByRole('radio', { name: 'Something I need is missing' }).isChecked()).toBe(true)
  await tabTo(/^Cancel on /)
  await page.keyboard.press('Enter')
  await page
    .getByRole('strong')
    .filter({ hasText: /^Free ends on / })
    .waitFor()
  // The button is gone with its dialog; what follows the notice's place is its own button.
  await tabTo(/^Keep Free$/)
})

test('a session that is over says so, and leads back', { timeout: WALK_MS }, async () => {
  const page = await openPortal('edsger')
  await available(page, '5')
  await florin.revokeCustomerTokens('edsger')
  await page.reload()
  await page.getByRole('heading', { name: 'This link has expired' }).waitFor()
  await photograph(page, 'portal-expired')
  expect(await seriousBarriers(page.mainFrame())).toEqual([])
  await page.getByRole('link', { name: 'Back to Sandbox' }).click()
  await page.waitForURL(`${stack.demoUrl}/**`)

  await page.goto(`${new URL(stack.florinUrl).origin}/portal/ps_00000000000000000000000000000000_nothing`)
  await page.getByRole('heading', { name: 'We don’t know this link' }).waitFor()
})

test('a lost connection is told and comes back', { timeout: WALK_MS }, async () => {
  const page = await openPortal('barbara')
  await available(page, '5')
  await page.context().setOffline(true)
  await page.getByText('You are offline.', { exact: false }).waitFor()
  await photograph(page, 'portal-offline')
  await page.context().setOffline(false)
  await page.getByText('You are offline.', { exact: false }).waitFor({ state: 'detached' })
  await florin.consume({ customerId: 'barbara', meter: 'character_generation', quantity: 1, idempotencyKey: 'one' })
  await available(page, '4')
  // The browser says itself what it could not load.
  complaints = complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))
})

test('without JavaScript the page says what it needs', { timeout: WALK_MS }, async () => {
  const page = await openPortal('donald')
  // Chromium's switch for scripts leaves the parser alone: the words are looked up where they stand.
  const html = await (await fetch(page.url())).text()
  expect(html).toMatch(/<noscript>\s*<p class="noscript">\s*This page needs JavaScript/)
})

/** A customer's portal, with a plan unless it is null. */
async function openPortal(customerId: string, path = '', rateCard: string | null = 'free'): Promise<Page> {
  await florin.upsertCustomer({ id: customerId, name: 'Ada Lovelace', email: 'ada@example.com' })
  if (rateCard) await florin.subscribe({ customerId, rateCard })
  const { url } = await florin.createPortalSession(customerId, stack.demoUrl)
  const page = await (await browser.newContext({ viewport: WIDE, locale: 'en-US' })).newPage()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${url}${path}`)
  return page
}

/** Waits for the number on the screen; it has to come by itself. */
async function available(page: Page, credits: string): Promise<void> {
  await page
    .getByRole('region', { name: 'Credits' })
    .getByText(new RegExp(`^${credits} available$`))
    .waitFor()
}

async function subscriptionOf(customerId: string) {
  return (await florin.billingState(customerId)).subscriptions[0]
}

async function payInOverlay(page: Page, amount: string): Promise<void> {
  const frame = await overlayFrame(page)
  await frame.getByRole('button', { name: `Pay ${amount}` }).press('Enter')
  await typeCard(frame)
  await page.locator('iframe').waitFor({ state: 'detached' })
}
