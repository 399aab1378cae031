import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, overlayFrame, photograph, seriousBarriers } from './browser.ts'
import { type DemoStack, startDemoStack } from './stack.ts'

const START_MS = 240_000
const WALK_MS = 240_000

let stack: DemoStack
let browser: Browser

beforeAll(async () => {
  stack = await startDemoStack()
  browser = await launchBrowser()
}, START_MS)

afterAll(async () => {
  await browser?.close()
  await stack?.stop()
}, START_MS)

test('from sign-up to Premium without a reload', { timeout: WALK_MS }, async () => {
  const page = await openDemo()
  await photograph(page, '1-sign-up')
  expect(await seriousBarriers(page.mainFrame())).toEqual([])

  await signUp(page, 'Ada Walker')
  await balanceOf(page, '5 credits')
  // A page that was loaded again would have forgotten this.
  await page.evaluate(() => document.documentElement.setAttribute('data-marker', 'here since sign-up'))

  for (const left of ['4 credits', '3 credits', '2 credits']) {
    await generate(page)
    await balanceOf(page, left)
    await page.getByRole('button', { name: 'Generate' }).waitFor()
  }
  await photograph(page, '2-three-characters')
  expect(await seriousBarriers(page.mainFrame())).toEqual([])

  await page.getByRole('radio', { name: /Full dossier/ }).check()
  await generate(page)
  const paywall = page.getByRole('dialog', { name: 'Out of credits' })
  await paywall.waitFor()
  await balanceOf(page, '2 credits')
  await photograph(page, '3-paywall')
  expect(await seriousBarriers(page.mainFrame())).toEqual([])
  await expect.poll(() => paywall.getByRole('button', { name: 'Upgrade to Starter' }).count()).toBe(1)
  await paywall.getByRole('button', { name: 'Upgrade to Premium' }).click()

  await payInOverlay(page)
  await balanceOf(page, '102 credits')
  await page.getByText('You’re on Premium').waitFor()
  await page.locator('iframe').waitFor({ state: 'detached' })
  await photograph(page, '6-premium')
  expect(await page.evaluate(() => document.documentElement.getAttribute('data-marker'))).toBe('here since sign-up')

  await generate(page)
  await balanceOf(page, '99 credits')
})

test('a second tab moves along', { timeout: WALK_MS }, async () => {
  const first = await openDemo()
  await signUp(first, 'Two Tabs')
  await balanceOf(first, '5 credits')
  const second = await first.context().newPage()
  await second.goto(stack.demoUrl)
  await balanceOf(second, '5 credits')
  await generate(first)
  await balanceOf(second, '4 credits')
  await second.getByText('−1').waitFor()
})

test('changing one’s mind at the card leaves everything as it was', { timeout: WALK_MS }, async () => {
  const page = await openDemo()
  await signUp(page, 'Not Today')
  await page.getByRole('button', { name: 'Plans' }).click()
  await page.getByRole('button', { name: 'Your plan' }).waitFor()
  await photograph(page, '7-plans')
  expect(await seriousBarriers(page.mainFrame())).toEqual([])
  await page.getByRole('button', { name: 'Upgrade to Starter' }).click()
  const checkout = await overlayFrame(page)
  await checkout.getByRole('button', { name: 'Pay $20.00' }).press('Enter')
  await checkout.getByRole('link', { name: 'Back' }).press('Enter')
  await checkout.getByRole('alert').getByText('You came back without paying').waitFor()
  // Pressed inside of the frame, which has to tell the page around it.
  await checkout.getByRole('button', { name: 'Pay $20.00' }).press('Escape')
  await page.locator('iframe').waitFor({ state: 'detached' })
  await balanceOf(page, '5 credits')
})

async function openDemo(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(stack.demoUrl)
  await page.getByRole('heading', { name: 'Sign up' }).waitFor()
  return page
}

async function signUp(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Start for free' }).click()
}

async function generate(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Generate' }).click()
}

/** Waits for the number on the screen; it has to come by itself. */
async function balanceOf(page: Page, balance: string): Promise<void> {
  await page.getByRole('group', { name: 'Credits' }).getByText(balance, { exact: true }).waitFor()
}

async function payInOverlay(page: Page): Promise<void> {
  const frame = await overlayFrame(page)
  const pay = frame.getByRole('button', { name: 'Pay $100.00' })
  await pay.waitFor()
  await photograph(page, '4-checkout')
  expect(await seriousBarriers(frame)).toEqual([])
  await pay.press('Enter')

  await frame.getByLabel('Card number').fill('4242424242424242')
  await photograph(page, '5-card')
  await frame.getByLabel('Expiry').fill('12 / 40')
  await frame.getByLabel('CVC').fill('123')
  await frame.getByLabel('Name on card').fill('Ada Walker')
  await frame.getByRole('button', { name: 'Pay $100.00' }).press('Enter')
}
