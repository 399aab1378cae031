import { createFlorin, type Florin } from '@florin/sdk'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, look, photograph } from './browser.ts'
import { answerBank, CHALLENGED_CARD, typeCard } from './card-page.ts'
import { type DemoStack, startDemoStack } from './stack.ts'

const START_MS = 240_000
const WALK_MS = 240_000
const CUSTOMER = 'ada'

let stack: DemoStack
let browser: Browser
let florin: Florin

beforeAll(async () => {
  stack = await startDemoStack()
  florin = createFlorin({ url: stack.florinUrl, secretKey: stack.secretKey })
  browser = await launchBrowser()
}, START_MS)

afterAll(async () => {
  await browser?.close()
  await stack?.stop()
}, START_MS)

test('a renewal that the bank wants confirmed is paid on the page of its invoice', { timeout: WALK_MS }, async () => {
  const context = await browser.newContext({ viewport: { width: 1180, height: 900 }, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(await renewUnpaid(page))
  await page.getByRole('heading', { name: /^Invoice INV-/ }).waitFor()
  await look(page, 'invoice')

  const [pdf] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download PDF' }).click(),
  ])
  expect(pdf.suggestedFilename()).toMatch(/^INV-\d{6}\.pdf$/)

  // By keyboard, as the next thing after the heading, which has the focus.
  await page.getByRole('heading', { name: /^Invoice/ }).focus()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Pay $107.20')
  await page.keyboard.press('Enter')
  // By its link alone a new card pays; the next renewal is charged to it, unless the payer says otherwise.
  expect(await page.getByRole('checkbox', { name: 'Use this card for future payments' }).isChecked()).toBe(true)
  expect(await page.getByRole('button', { name: /^Pay with/ }).count()).toBe(0)
  await look(page, 'invoice-checkout')
  await page.getByRole('button', { name: 'Pay $107.20' }).click()
  await typeCard(page, CHALLENGED_CARD)
  await answerBank(page, 'Complete')
  await page.getByRole('button', { name: 'Stay here' }).click()
  await page.getByRole('heading', { name: /^Invoice INV-\d+ is paid$/ }).waitFor()
  await page.getByRole('link', { name: /^Continue to/ }).click()

  await page.getByText('Settled in full. Nothing is due.').waitFor()
  expect(await page.getByRole('button', { name: /^Pay/ }).count()).toBe(0)
  await photograph(page, 'invoice-paid')
  const state = await florin.billingState(CUSTOMER)
  expect(state).toMatchObject({
    actionUrl: null,
    subscriptions: [{ status: 'ACTIVE' }],
    balances: [{ available: '105' }],
  })
})

/** Premium for a month, with 8 credits of overage; the next month is not paid. Answers where it can be. */
async function renewUnpaid(page: Page): Promise<string> {
  await florin.upsertCustomer({
    id: CUSTOMER,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    timezone: 'Europe/London',
  })
  const checkout = { successUrl: stack.demoUrl, cancelUrl: stack.demoUrl }
  const sold = await florin.subscribe({
    customerId: CUSTOMER,
    rateCard: 'premium',
    checkout,
    idempotencyKey: 'premium',
  })
  if (sold.__typename !== 'CheckoutRequired') throw new Error(`no checkout was asked for: ${sold.__typename}`)
  await page.goto(sold.checkoutUrl)
  await page.getByRole('button', { name: 'Pay $100.00' }).click()
  await typeCard(page, CHALLENGED_CARD)
  await answerBank(page, 'Complete')
  await page.getByRole('heading', { name: 'You’re on Premium' }).waitFor()
  const usage = { customerId: CUSTOMER, eventName: 'character_generation', idempotencyKey: 'all', value: '113' }
  await florin.recordUsage([usage])
  const [subscription] = (await florin.billingState(CUSTOMER)).subscriptions
  await florin.advanceClock(subscription?.currentPeriodEnd ?? '')
  const { actionUrl } = await florin.billingState(CUSTOMER)
  if (!actionUrl) throw new Error('the customer was not told where to pay')
  return actionUrl
}
