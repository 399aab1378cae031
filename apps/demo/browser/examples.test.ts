import { createFlorin, type Florin } from '@florin/sdk'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser, look, overlayFrame } from './browser.ts'
import { typeCard } from './card-page.ts'
import { type ExampleApp, startExample } from './example-app.ts'
import { type DemoStack, startDemoStack } from './stack.ts'

// The apps in examples/, each started as its README says, both beside one Florin.

const START_MS = 360_000
const WALK_MS = 240_000

let stack: DemoStack
let tavern: ExampleApp
let easel: ExampleApp
let florin: Florin
let browser: Browser

beforeAll(async () => {
  stack = await startDemoStack()
  florin = createFlorin({ url: stack.florinUrl, secretKey: stack.secretKey })
  tavern = await startExample('character-generator', stack.home)
  easel = await startExample('canvas', stack.home)
  browser = await launchBrowser()
}, START_MS)

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

afterAll(async () => {
  await browser?.close()
  const codes = await Promise.all([tavern?.interrupt(), easel?.interrupt()])
  await stack?.stop()
  expect(codes).toEqual([0, 0])
}, START_MS)

test('the character generator: five heroes free, a paywall, Premium in the overlay, the portal and back', {
  timeout: WALK_MS,
}, async () => {
  const page = await open(tavern)
  await look(page, 'tavern-door')
  await signIn(page, 'Ada Walker', 'Come in')
  await balanceOf(page, '5')

  const call = page.getByRole('button', { name: 'Call for 3 heroes' })
  await call.click()
  await balanceOf(page, '2')
  await expect.poll(() => page.getByRole('heading', { level: 3 }).count()).toBe(6) // three heroes, three plans
  await look(page, 'tavern')

  await call.click()
  const paywall = page.getByRole('dialog', { name: 'Out of credits' })
  await paywall.getByText('This needs 3 credits and you have 2.').waitFor()
  await look(page, 'tavern-paywall')
  await paywall.getByRole('button', { name: 'Upgrade to Premium' }).click()
  await pay(page, 'Pay $100.00')
  await balanceOf(page, '102')
  await call.click()
  await balanceOf(page, '99')

  await page.getByRole('button', { name: 'Billing', exact: true }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.getByRole('link', { name: /^Back to/ }).click()
  await balanceOf(page, '99')
  expect(page.url()).toBe(`${tavern.url}/`)
  await expect.poll(() => page.locator('.hero').count()).toBe(6)
})

test('the canvas: a stream that ends with the credits, no overage on Hobby, Pro yearly and overage beyond it', {
  timeout: WALK_MS,
}, async () => {
  const page = await open(easel)
  await signIn(page, 'Ada Painter', 'Start')
  await balanceOf(page, '200')
  const secondTab = await page.context().newPage()
  await secondTab.goto(easel.url)
  await balanceOf(secondTab, '200')
  const seen = await recordBalances(secondTab)

  await make(page, 'Text', 'a lighthouse that reads aloud')
  await balanceOf(page, '199')
  await make(page, 'Image', 'a harbour before the rain')
  await balanceOf(page, '194')
  await make(page, 'Video', 'a day in the valley')
  await page.getByText('12 seconds', { exact: true }).waitFor()
  await balanceOf(secondTab, '74')
  const whileItWasMade = (await seen()).filter((credits) => credits > 74 && credits < 194)
  expect(whileItWasMade.length).toBeGreaterThan(3)

  await make(page, 'Video', 'night falls early')
  await page.getByText('Out of credits after 7 of 12 seconds').waitFor()
  await balanceOf(page, '4')
  await look(page, 'easel')
  const customerId = await customerOf(page)
  await expect.poll(() => usedOf(customerId)).toEqual({ easel_text: '1', easel_image: '1', easel_video: '19' })

  await make(page, 'Image', 'one picture more')
  const paywall = page.getByRole('dialog', { name: 'Out of credits' })
  await paywall.getByText('This needs 5 credits and you have 4.').waitFor()
  await paywall.getByRole('button', { name: 'Upgrade to Pro yearly' }).click()
  await pay(page, 'Pay $240.00')
  await balanceOf(page, '24,000')
  await balanceOf(secondTab, '24,000')

  // Somebody else of the same account makes a long film.
  await florin.consume({ customerId, meter: 'easel_video', quantity: '2399', idempotencyKey: 'a long film' })
  await balanceOf(page, '10')
  await make(page, 'Video', 'the end and beyond')
  await page.getByText('12 seconds', { exact: true }).nth(1).waitFor()
  await page.getByRole('button', { name: 'Plans', exact: true }).click()
  await page.getByText('110 over · billed at period end at $0.02 each').first().waitFor()
  await look(page, 'easel-plans')
})

test('the canvas: what is stopped is paid as far as it is', { timeout: WALK_MS }, async () => {
  const page = await open(easel)
  await signIn(page, 'Bea Brief', 'Start')
  await make(page, 'Video', 'a short one')
  await page.getByText(/^Second \d+ of 12 …$/).waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  const customerId = await customerOf(page)
  const held = async () => (await florin.billingState(customerId)).balances[0]?.held
  await expect.poll(held).toBe('0')
  await page.reload()
  const told = await page.getByText(/^Stopped: \d+ of 12 seconds$/).textContent()
  const [seconds] = told?.match(/\d+/) ?? []
  await balanceOf(page, String(200 - Number(seconds) * 10))
  expect(await usedOf(customerId)).toMatchObject({ easel_video: seconds })
})

test('without Florin an example says what to do', async () => {
  await expect(startExample('canvas', '/nowhere')).rejects.toThrow('Run npm start first')
})

async function open({ url }: ExampleApp): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 860 }, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(url)
  await page.getByLabel('Your name').waitFor()
  return page
}

async function signIn(page: Page, name: string, button: string): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: button }).click()
}

/** Waits for the number in the header; it has to come by itself. */
async function balanceOf(page: Page, credits: string): Promise<void> {
  const balance = page.getByRole('banner').getByRole('group', { name: 'Credits' })
  await balance.getByText(`${credits} credits`, { exact: true }).waitFor()
}

/** Every number that the header shows from now on. */
async function recordBalances(page: Page): Promise<() => Promise<number[]>> {
  const header = await page.getByRole('banner').elementHandle()
  const numbers = await page.evaluateHandle((header) => {
    const shown: number[] = []
    const note = () =>
      shown.push(Number.parseInt(header?.querySelector('bdi')?.textContent?.replace(',', '') ?? '', 10))
    new MutationObserver(note).observe(header as Element, { subtree: true, childList: true, characterData: true })
    return shown
  }, header)
  return () => numbers.jsonValue()
}

async function make(page: Page, kind: 'Text' | 'Image' | 'Video', prompt: string): Promise<void> {
  await page.getByRole('radio', { name: kind }).check()
  await page.getByLabel('What it shows').fill(prompt)
  await page.getByRole('button', { name: 'Make' }).click()
}

async function pay(page: Page, button: string): Promise<void> {
  const checkout = await overlayFrame(page)
  // By keyboard: the overlay still grows around its frame, and a pointer would miss.
  await checkout.getByRole('button', { name: button }).press('Enter')
  await typeCard(checkout)
  await page.locator('iframe').waitFor({ state: 'detached' })
}

async function customerOf(page: Page): Promise<string> {
  return (await page.evaluate(() => fetch('/api/me').then((response) => response.json()))).user.id
}

/** What Florin counted in this period, by meter. */
async function usedOf(customerId: string): Promise<Record<string, string>> {
  const { meters } = await florin.billingState(customerId)
  return Object.fromEntries(meters.map(({ meter, quantity }) => [meter, quantity]))
}
