import { createFlorin, type Florin } from '@florin/sdk'
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser, look, overlayFrame, photograph } from './browser.ts'
import { typeCard } from './card-page.ts'
import { TEAM } from './cards.ts'
import { type Integrator, sdkPage, startIntegrator } from './integrator.ts'
import { type DemoStack, startDemoStack } from './stack.ts'

const START_MS = 240_000
let stack: DemoStack
let integrator: Integrator
let browser: Browser
let florin: Florin
let context: BrowserContext
let customers = 0

beforeAll(async () => {
  stack = await startDemoStack()
  integrator = await startIntegrator()
  florin = createFlorin({ url: stack.florinUrl, secretKey: stack.secretKey })
  await florin.publishRateCard(TEAM)
  browser = await launchBrowser()
}, START_MS)
afterAll(async () => {
  await browser?.close()
  await integrator?.stop()
  await stack?.stop()
}, START_MS)

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1180, height: 860 }, locale: 'en-US' })
})
afterEach(() => context.close())

/** What an integrator has to allow, and nothing else. */
const strictPolicy = () => {
  const { origin } = new URL(stack.florinUrl)
  return `default-src 'none'; script-src 'self'; style-src 'self'; frame-src ${origin}; connect-src ${origin}`
}

/** The integrator's page in front of a new customer. */
async function open(policy: string, query = ''): Promise<{ page: Page; customerId: string }> {
  customers += 1
  const customerId = `framed-${customers}`
  await florin.upsertCustomer({ id: customerId })
  const { token } = await florin.createCustomerToken(customerId)
  integrator.serve({ html: sdkPage(stack.florinUrl, token), policy })
  const page = await context.newPage()
  await page.goto(`${integrator.origin}/${query}`)
  await page.getByRole('heading', { name: 'Integrator' }).waitFor()
  return { page, customerId }
}

const buy = (page: Page, what = 'Buy Team') => page.getByRole('button', { name: what }).click()
const outcomes = (page: Page, what = 'Buy Team') => page.getByLabel(what, { exact: true }).last()
const said = (page: Page, text: string, what?: string) => outcomes(page, what).filter({ hasText: text }).waitFor()
const pay = (frame: Frame, name: string | RegExp = /^Pay/) => frame.getByRole('button', { name })
const focused = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element?.getAttribute('aria-label') ?? element?.getAttribute('title') ?? element?.textContent
  })

async function paid(customerId: string): Promise<string[]> {
  return (await florin.payments({ customerId })).nodes.map(({ amount, status }) => `${amount} ${status}`)
}

test('under a strict policy: the page is inert and still, Tab stays inside, Escape gives it back, and it can be paid', {
  timeout: 120_000,
}, async () => {
  const complaints: string[] = []
  const { page, customerId } = await open(strictPolicy())
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.evaluate(() => scrollTo(0, 40))
  const before = await page.getByRole('button', { name: 'Buy Team' }).boundingBox()
  await buy(page)
  const frame = await overlayFrame(page)
  await pay(frame, 'Pay $44.00').waitFor()
  await page.getByRole('dialog', { name: 'Checkout' }).waitFor()
  await look(page, 'overlay-order')

  await page.mouse.wheel(0, 400)
  expect(await page.evaluate(() => scrollY)).toBe(40)
  expect(await page.evaluate(() => document.elementFromPoint(20, 20)?.closest('main'))).toBeNull()
  expect(await page.locator('main').evaluate((main) => main.closest('[inert]') !== null)).toBe(true)

  // Once round: no stop of the Tab key is on the page behind. Between the processes of the frame and of the page, the focus is
  // nowhere for a moment, so what counts is where it comes to rest.
  const stops = new Set<string | null | undefined>()
  for (let presses = 0; presses < 16; presses += 1) {
    await page.keyboard.press('Tab')
    await expect.poll(() => focused(page)).toMatch(/^(Checkout|Close checkout)$/)
    stops.add(await focused(page))
  }
  expect([...stops].sort()).toEqual(['Checkout', 'Close checkout'])

  await page.getByRole('button', { name: 'Close checkout' }).press('Escape')
  await said(page, 'canceled')
  await expect.poll(() => focused(page)).toBe('Buy Team')
  expect(await page.evaluate(() => scrollY)).toBe(40)
  expect(await page.getByRole('button', { name: 'Buy Team' }).boundingBox()).toEqual(before)

  await buy(page)
  const again = await overlayFrame(page)
  await pay(again, 'Pay $44.00').press('Escape')
  await said(page, 'canceled, canceled')

  await buy(page)
  const third = await overlayFrame(page)
  // By keyboard: the overlay still grows around its frame, and a pointer would miss.
  await third.getByRole('button', { name: 'One more: Seats' }).press('Enter')
  await pay(third, 'Pay $52.00').press('Enter')
  await third.getByLabel('Card number').waitFor()
  await photograph(page, 'overlay-card')
  await typeCard(third)
  await said(page, 'canceled, canceled, completed')
  expect(await page.locator('iframe').count()).toBe(0)
  expect(await paid(customerId)).toEqual(['52.00 SUCCEEDED'])
  expect(complaints).toEqual([])
})

test('a page with a scrollbar that takes room does not move when the overlay takes it away', async () => {
  const { page } = await open(strictPolicy())
  // Headless browsers have no classic scrollbar: one that the page draws takes room.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('html { overflow-y: scroll } ::-webkit-scrollbar { width: 16px; background: grey }')
    document.adoptedStyleSheets = [sheet]
  })
  const width = () => page.evaluate(() => document.querySelector('main')?.getBoundingClientRect().width)
  const before = await width()
  await buy(page)
  await pay(await overlayFrame(page)).waitFor()
  expect(await width()).toBe(before)
  await photograph(page, 'overlay-scrollbar')
})

test('it stands above a modal dialog of the page, and gives the focus back to it', async () => {
  const { page, customerId } = await open(strictPolicy(), '?paywall')
  await buy(page, 'Buy credits')
  const frame = await overlayFrame(page)
  await pay(frame, 'Pay $20.00').waitFor()
  await photograph(page, 'overlay-over-dialog')
  await page.getByRole('button', { name: 'Close checkout' }).click()
  await said(page, 'canceled', 'Buy credits')
  await expect.poll(() => focused(page)).toBe('Buy credits')
  await buy(page, 'Buy credits')
  const again = await overlayFrame(page)
  await pay(again).press('Enter')
  await typeCard(again)
  await said(page, 'canceled, completed', 'Buy credits')
  expect(await paid(customerId)).toEqual(['20.00 SUCCEEDED'])
})

test('a policy that forbids the frame leads at once to the page itself', async () => {
  const { origin } = new URL(stack.florinUrl)
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ${origin}`
  const { page, customerId } = await open(policy)
  await buy(page)
  await page.waitForURL(/\/checkout\/cs_/)
  await page.getByRole('button', { name: 'Pay $44.00' }).click()
  await typeCard(page)
  await page.getByRole('button', { name: 'Stay here' }).click()
  await page.getByRole('heading', { name: 'You’re on Team' }).waitFor()
  await page.getByRole('link', { name: /^Continue to/ }).click()
  await page.getByRole('heading', { name: 'Integrator' }).waitFor()
  expect(await paid(customerId)).toEqual(['44.00 SUCCEEDED'])
})

test('who pays in another tab and then closes the overlay has completed it', async () => {
  const { page, customerId } = await open(strictPolicy())
  await buy(page)
  const frame = await overlayFrame(page)
  await pay(frame).waitFor()
  const alone = await context.newPage()
  await alone.goto(frame.url().replace(/\?.*$/, ''))
  await alone.getByRole('button', { name: 'Pay $44.00' }).click()
  await typeCard(alone)
  await alone.getByRole('heading', { name: 'You’re on Team' }).waitFor()
  await page.getByRole('button', { name: 'Close checkout' }).click()
  await said(page, 'completed')
  expect(await paid(customerId)).toEqual(['44.00 SUCCEEDED'])
})

test('by phone it fills the screen, and closes', async () => {
  await context.close()
  context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: 'en-US', hasTouch: true })
  const { page } = await open(strictPolicy())
  await buy(page)
  const frame = await overlayFrame(page)
  await pay(frame).waitFor()
  await page.waitForFunction(() => {
    const panel = document.querySelector('body > div:last-of-type')?.shadowRoot?.querySelector('.panel')
    const box = panel?.getBoundingClientRect()
    return box?.width === innerWidth && box.height === innerHeight
  })
  expect(await frame.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.getByRole('button', { name: 'Close checkout' }).click()
  await said(page, 'canceled')
})

test('a hostile page gets no frame, no message and no payment', async () => {
  const { page, customerId } = await open(strictPolicy())
  await buy(page)
  const frame = await overlayFrame(page)
  await pay(frame).waitFor()
  const [address = ''] = frame.url().split('?')
  const token = address.split('/').at(-1)

  // Messages that anybody may post are not believed, whatever they say.
  await page.evaluate((token) => {
    for (const type of ['completed', 'canceled']) postMessage({ source: 'florin', type, token }, '*')
  }, token)
  expect(await page.locator('iframe').count()).toBe(1)

  const hostile = await startIntegrator()
  const claimed = encodeURIComponent(integrator.origin)
  hostile.serve({
    html: `<!doctype html><html lang="en"><title>Hostile</title><body><h1>Hostile</h1>
      <iframe title="Stolen" src="${address}?embed=1&origin=${claimed}"></iframe>
      <script>
        const heard = document.documentElement.dataset
        addEventListener('message', ({ data }) => { heard.heard = JSON.stringify(data) })
        const stolen = document.querySelector('iframe')
        stolen.addEventListener('load', () => {
          for (const type of ['pay', 'payCheckout', 'completed']) stolen.contentWindow.postMessage({ source: 'florin', type, token: '${token}' }, '*')
          heard.tried = 'yes'
        })
      </script></body></html>`,
  })
  const visitor = await context.newPage()
  const refusals: string[] = []
  visitor.on('console', (message) => refusals.push(message.text()))
  await visitor.goto(hostile.origin)
  await visitor.locator('html[data-tried]').waitFor()
  await expect.poll(() => refusals.join()).toContain('frame-ancestors')
  expect(await visitor.locator('html').getAttribute('data-heard')).toBeNull()
  const stolen = await (await visitor.waitForSelector('iframe')).contentFrame()
  expect(await stolen?.getByRole('button').count()).toBe(0)
  await hostile.stop()
  expect(await paid(customerId)).toEqual([])
  expect((await florin.billingState(customerId)).subscriptions).toEqual([])
})
