import { readFile } from 'node:fs/promises'
import { createFlorin, type Florin } from '@florin/sdk'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, look, overlayFrame, photograph, seriousBarriers } from './browser.ts'
import { answerBank, CHALLENGED_CARD, GOOD_CARD, typeCard } from './card-page.ts'
import { heightsOf, tabTo } from './portal-walk.ts'
import { type DemoStack, startDemoStack } from './stack.ts'

const START_MS = 240_000
const WALK_MS = 240_000
const CUSTOMER = 'ada'
const SECOND_CARD = '5555555555554444'
const METER = 'character_generation'
const DAY_MS = 86_400_000

let stack: DemoStack
let browser: Browser
let florin: Florin

beforeAll(async () => {
  stack = await startDemoStack()
  florin = createFlorin({ url: stack.florinUrl, secretKey: stack.secretKey })
  browser = await launchBrowser()
  await publishStudio()
  await subscribeToStudio(CUSTOMER, GOOD_CARD)
}, START_MS)

afterAll(async () => {
  await browser?.close()
  await stack?.stop()
}, START_MS)

test('usage: the chart shows what was recorded, grows as it arrives, and is saved as a file', {
  timeout: WALK_MS,
}, async () => {
  await use('3', { properties: { model: 'fast' } })
  await florin.advanceClock(new Date((await now()) + DAY_MS).toISOString())
  await use('5', { properties: { model: 'deep' } })
  const page = await openPortal('usage')
  await page.getByRole('radio', { name: '7 days', exact: true }).check()
  const panel = page.getByRole('region', { name: 'Characters' })
  await panel.getByText('8 · 8 credits').waitFor()
  await expect.poll(() => heightsOf(page)).toEqual([3, 5].map((value) => value / 5))

  // Nobody touches the page: today's bar grows, and with it the total.
  await use('7', { properties: { model: 'deep' } })
  await panel.getByText('15 · 15 credits').waitFor()
  await expect.poll(() => heightsOf(page)).toEqual([3, 12].map((value) => value / 12))

  await page.getByLabel('Group by').selectOption('model')
  const groups = page.getByRole('table', { name: 'By model' }).getByRole('row')
  await groups.nth(2).waitFor()
  await expect.poll(() => groups.nth(1).textContent()).toBe('deep1212 credits')

  await panel.getByText('Show the numbers').click()
  const numbers = panel.getByRole('table', { name: 'Characters' }).last().getByRole('row')
  await expect.poll(() => numbers.nth(1).textContent()).toMatch(/\d{4}1212$/)

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^usage-\d{4}-\d{2}-\d{2}-\d{4}-\d{2}-\d{2}\.csv$/)
  const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
  expect(lines[0]).toBe('meter,from,to,model,quantity,credits')
  expect(lines.filter((line) => line.endsWith(',deep,12,12'))).toHaveLength(1)
  await look(page, 'portal-usage')
})

test('invoices: the next one with its lines, and those before with their files', { timeout: WALK_MS }, async () => {
  const page = await openPortal('invoices')
  const next = page.getByRole('region', { name: 'Next invoice' })
  await next.getByText('Studio: Monthly fee').waitFor()
  await next.getByText('$100.00').last().waitFor()
  const row = page.getByRole('listitem').filter({ hasText: 'INV-000001' })
  await row.getByText('Paid').waitFor()
  const [pdf] = await Promise.all([page.waitForEvent('download'), row.getByRole('link', { name: /^PDF/ }).click()])
  expect(pdf.suggestedFilename()).toBe('INV-000001.pdf')
  expect((await readFile(await pdf.path())).subarray(0, 5).toString()).toBe('%PDF-')
  await look(page, 'portal-invoices')
})

test('top-ups: a bundle is bought over the page, with the card on file', { timeout: WALK_MS }, async () => {
  const before = await balance()
  const page = await openPortal('top-ups')
  const offer = page.getByRole('listitem', { name: 'Small pack' })
  await offer.getByRole('button', { name: 'One more: Small pack' }).click()
  await offer.getByRole('button', { name: /^Buy for \$12\.00/ }).click()
  const checkout = await overlayFrame(page)
  await checkout.getByRole('button', { name: /^Pay with Visa/ }).press('Enter')
  await page.locator('iframe').waitFor({ state: 'detached' })
  await page.getByText('100 credits were added to your balance.').waitFor({ state: 'attached' })
  expect(await balance()).toBe(before + 100)
})

test('top-ups by themselves: by keyboard alone, told what is wrong, and one happens', {
  timeout: WALK_MS,
}, async () => {
  const page = await openPortal('top-ups')
  await page.getByRole('switch', { name: /Automatic top-up/ }).focus()
  await page.keyboard.press('Space')
  const threshold = page.getByLabel('When the balance falls to')
  await tabTo(page, 'When the balance falls to')
  await page.keyboard.type('a few')
  await page.keyboard.press('Enter')
  await page.getByText('Write a number of credits above 0, such as 10.').waitFor()
  // The first field that is wrong has the focus.
  await expect.poll(() => threshold.evaluate((input) => input === document.activeElement)).toBe(true)
  await look(page, 'portal-top-up-refused')

  await threshold.focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('20')
  await tabTo(page, 'Most purchases a month')
  await page.keyboard.type('2')
  await page.keyboard.press('Enter')
  await page.getByText('Buys 50 credits for $6.00 when your balance falls to 20 credits.').waitFor()
  await page.getByText('Used this month: 0 of 2 purchases').waitFor()

  const left = await balance()
  await use(String(left - 20))
  await page.getByText('Used this month: 1 of 2 purchases').waitFor()
  expect(await balance()).toBe(70)
  await photograph(page, 'portal-topped-up')

  await page.getByRole('switch', { name: /Automatic top-up/ }).focus()
  await page.keyboard.press('Space')
  await page.getByText('When your balance runs low, nothing is bought.', { exact: false }).waitFor()
  expect((await florin.billingState(CUSTOMER)).autoTopUps).toMatchObject([{ enabled: false, threshold: '20' }])
})

test('a spend limit is set, and shows what is used of it as it is used', { timeout: WALK_MS }, async () => {
  const page = await openPortal('top-ups')
  const limit = page.getByLabel('Most to spend a period, in USD')
  await limit.fill('1,000')
  await page.getByRole('button', { name: 'Set limit' }).click()
  await page.getByText('Write an amount of USD, such as 50.00.').waitFor()
  await limit.fill('50')
  await page.getByRole('button', { name: 'Set limit' }).click()
  await page.getByText('$0.00 of $50.00 used in this period').waitFor()
  await use(String((await balance()) + 10))
  await page.getByText('$9.00 of $50.00 used in this period').waitFor()
  expect((await florin.billingState(CUSTOMER)).spendLimit).toBe('50')
  await look(page, 'portal-top-ups')
})

test('payment methods: one is added over the page, made the default, and removed', { timeout: WALK_MS }, async () => {
  const page = await openPortal('payment-methods')
  const row = (last4: string) => page.getByRole('listitem').filter({ hasText: `ending in ${last4}` })
  await row('4242').getByText('Default').waitFor()
  await page.getByRole('button', { name: 'Add a payment method' }).click()
  const checkout = await overlayFrame(page)
  await checkout.getByRole('button', { name: /^(Confirm|Add|Save|Continue)/ }).press('Enter')
  await typeCard(checkout, SECOND_CARD)
  await page.locator('iframe').waitFor({ state: 'detached' })
  await row('4444')
    .getByRole('button', { name: /^Make default/ })
    .click()
  await row('4444').getByText('Default').waitFor()
  await look(page, 'portal-payment-methods')

  await row('4242')
    .getByRole('button', { name: /^Remove/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Remove Visa ending in 4242?' })
  await dialog.waitFor()
  await photograph(page, 'portal-remove-method')
  expect(await seriousBarriers(page.mainFrame())).toEqual([])
  // Escape keeps it, and the focus goes back to where it was.
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Remove'))
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  // What is behind a dialog is hidden from everybody.
  await dialog.waitFor({ state: 'detached' })
  await row('4242').waitFor({ state: 'detached' })
  expect(await florin.paymentMethods(CUSTOMER)).toMatchObject([{ last4: '4444', isDefault: true }])
})

test('an invoice whose payment the bank wants confirmed is past due, and is paid over the page', {
  timeout: WALK_MS,
}, async () => {
  await subscribeToStudio('grace', CHALLENGED_CARD)
  const [subscription] = (await florin.billingState('grace')).subscriptions
  await florin.advanceClock(subscription?.currentPeriodEnd ?? '')
  const page = await openPortal('invoices', 'grace')
  const row = page.getByRole('listitem').filter({ hasText: 'Past due' })
  await row.waitFor()
  await look(page, 'portal-past-due')
  await row.getByRole('button', { name: 'Pay $100.00' }).click()
  const checkout = await overlayFrame(page)
  await checkout.getByRole('button', { name: /^Pay with Visa/ }).press('Enter')
  await typeCard(checkout, CHALLENGED_CARD)
  await answerBank(checkout, 'Complete')
  await page.locator('iframe').waitFor({ state: 'detached' })
  await page.getByText(/^Invoice INV-\d+ is paid\.$/).waitFor({ state: 'attached' })
  await row.waitFor({ state: 'detached' })
  expect((await florin.billingState('grace')).subscriptions).toMatchObject([{ status: 'ACTIVE' }])
})

const flat = (amount: string) => ({ flat: { amount } })

/** Credits each month, overage beyond them, and packs. */
async function publishStudio(): Promise<void> {
  await florin.defineCreditType({ code: 'credits', name: 'Credits' })
  const meter = { code: METER, name: 'Characters', eventName: METER, aggregation: 'SUM' as const }
  await florin.defineMeter({ ...meter, groupBy: ['model'] })
  const pack = (code: string, name: string, credits: string, price: string) => ({
    code,
    name,
    creditType: 'credits',
    credits,
    price,
  })
  await florin.publishRateCard({
    code: 'studio',
    name: 'Studio',
    fixedRates: [{ code: 'base', name: 'Monthly fee', price: flat('100.00') }],
    usageRates: [
      {
        code: METER,
        name: 'Characters',
        meter: METER,
        creditType: 'credits',
        overage: 'CHARGE',
        overagePrice: flat('0.90'),
      },
    ],
    allowances: [{ creditType: 'credits', amount: '105' }],
    bundles: [pack('pack-50', 'Small pack', '50', '6.00'), pack('pack-500', 'Large pack', '500', '48.00')],
  })
}

async function subscribeToStudio(id: string, card: string): Promise<void> {
  await florin.upsertCustomer({ id, name: 'Ada Lovelace', email: 'ada@example.com', timezone: 'Europe/London' })
  const checkout = { successUrl: stack.demoUrl, cancelUrl: stack.demoUrl }
  const sold = await florin.subscribe({ customerId: id, rateCard: 'studio', checkout, idempotencyKey: 'studio' })
  if (sold.__typename !== 'CheckoutRequired') throw new Error(`no checkout was asked for: ${sold.__typename}`)
  const page = await browser.newPage()
  await page.goto(sold.checkoutUrl)
  await page.getByRole('button', { name: 'Pay $100.00' }).click()
  await typeCard(page, card)
  if (card === CHALLENGED_CARD) await answerBank(page, 'Complete')
  await page.getByRole('heading', { name: 'You’re on Studio' }).waitFor()
  await page.close()
}

async function openPortal(section: string, customerId = CUSTOMER): Promise<Page> {
  const { url } = await florin.createPortalSession(customerId, stack.demoUrl)
  const context = await browser.newContext({ viewport: { width: 1180, height: 900 }, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(`${url}/${section}`)
  return page
}

let events = 0

async function use(value: string, more: { properties?: Record<string, string> } = {}): Promise<void> {
  events += 1
  const event = { customerId: CUSTOMER, eventName: METER, idempotencyKey: `use ${events}`, value, ...more }
  const { results } = await florin.recordUsage([event])
  expect(results).toMatchObject([{ status: 'RECORDED' }])
}

const now = async () => Date.parse(await florin.clock())

async function balance(): Promise<number> {
  return Number((await florin.billingState(CUSTOMER)).balances[0]?.available)
}
