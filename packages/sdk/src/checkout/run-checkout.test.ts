// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FlorinError } from '../client/errors.ts'
import type { CheckoutApi } from './checkout.ts'
import { runCheckout } from './run-checkout.ts'

const page = { token: 'cs_1', url: 'https://pay.example/checkout/cs_1?lang=en' }

beforeEach(() => {
  document.body.innerHTML = '<button id="buy">Buy</button><main>Page</main>'
  document.querySelector<HTMLElement>('#buy')?.focus()
})
afterEach(() => {
  document.body.replaceChildren()
  vi.useRealTimers()
})

const host = () => document.querySelector('body > div')
function inOverlay<Found extends Element = HTMLElement>(selector: string): Found {
  const found = host()?.shadowRoot?.querySelector<Found>(selector)
  if (!found) throw new Error(`no ${selector} in the overlay`)
  return found
}

/** An API that answers with the page, and remembers what it was asked for. */
const apiOf = (given: Partial<CheckoutApi> = {}) => ({
  createCheckoutSession: vi.fn(async () => page),
  addPaymentMethod: vi.fn(async () => page),
  readStatus: vi.fn(async (): Promise<string | null> => 'OPEN'),
  ...given,
})

/** A checkout whose overlay is on the page. */
async function openOverlay({ navigate = vi.fn(), api = apiOf() } = {}) {
  const result = runCheckout(api, { rateCard: 'premium' }, {}, navigate)
  await vi.waitFor(() => inOverlay('iframe'))
  return { result, api, navigate }
}

function say(message: object, from: { source?: Window | null; origin?: string } = {}) {
  const { source = inOverlay<HTMLIFrameElement>('iframe').contentWindow, origin = 'https://pay.example' } = from
  window.dispatchEvent(new MessageEvent('message', { data: message, origin, source }))
}
const message = (type: string, more: object = {}) => ({ source: 'florin', type, token: 'cs_1', ...more })

test('shows the checkout in a labelled dialog over a page that can neither scroll nor take focus', async () => {
  const { result, api } = await openOverlay()

  expect(api.createCheckoutSession).toHaveBeenCalledWith({
    rateCard: 'premium',
    checkout: { successUrl: location.href, cancelUrl: location.href },
  })
  const dialog = inOverlay('dialog')
  expect(dialog.getAttribute('aria-modal')).toBe('true')
  expect(dialog.getAttribute('aria-label')).toBe('Checkout')
  const address = new URL(inOverlay<HTMLIFrameElement>('iframe').src)
  expect(Object.fromEntries(address.searchParams)).toEqual({ lang: 'en', embed: '1', origin: location.origin })
  expect(document.body.style.overflow).toBe('hidden')
  expect(document.querySelector('main')?.hasAttribute('inert')).toBe(true)
  expect(host()?.shadowRoot?.activeElement).toBe(inOverlay('.close'))

  say(message('canceled'))
  await result
})

test.each<[string, () => void]>([
  ['Escape', () => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))],
  ['the close button', () => inOverlay('.close').click()],
  ['a click beside it', () => inOverlay('.backdrop').click()],
  ['the checkout itself', () => say(message('canceled'))],
])('%s cancels and gives the page back as it was', async (_, cancel) => {
  const { result } = await openOverlay()
  cancel()

  expect(await result).toEqual({ outcome: 'canceled' })
  expect(host()).toBeNull()
  expect(document.body.style.overflow).toBe('')
  expect(document.querySelector('main')?.hasAttribute('inert')).toBe(false)
  expect(document.activeElement).toBe(document.querySelector('#buy'))
})

test('the Tab key stays inside', async () => {
  const { result } = await openOverlay()
  const [before, after] = host()?.shadowRoot?.querySelectorAll<HTMLElement>('[tabindex="0"]') ?? []

  after?.focus()
  expect(host()?.shadowRoot?.activeElement).toBe(inOverlay('.close'))
  before?.focus()
  expect(host()?.shadowRoot?.activeElement).toBe(inOverlay('iframe'))

  say(message('canceled'))
  await result
})

test('believes only its own frame, at the checkout’s origin, about this session', async () => {
  const { result } = await openOverlay()
  say(message('completed'), { origin: 'https://evil.example' })
  say(message('completed'), { source: window })
  say({ ...message('completed'), token: 'cs_2' })
  say({ ...message('completed'), source: 'another' })
  say(message('constructor'))
  expect(host()).not.toBeNull()

  say(message('completed'))
  expect(await result).toEqual({ outcome: 'completed' })
})

test('grows with its content, within bounds', async () => {
  const { result } = await openOverlay()
  const height = () => inOverlay('.panel').style.getPropertyValue('--content-height')

  say(message('ready'))
  say(message('resize', { height: 700 }))
  expect(height()).toBe('700px')
  say(message('resize', { height: 1e9 }))
  expect(height()).toBe('2000px')
  say(message('resize', { height: '100vh' }))
  expect(height()).toBe('2000px')

  say(message('canceled'))
  await result
})

test('a frame that never gets ready is left for a redirect, where coming back means canceled', async () => {
  vi.useFakeTimers()
  const { result, navigate } = await openOverlay()
  await vi.advanceTimersByTimeAsync(8_000)

  expect(navigate).toHaveBeenCalledExactlyOnceWith(page.url)
  expect(host()).toBeNull()
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  expect(await result).toEqual({ outcome: 'canceled' })
})

test('a frame that is ready has all the time it needs', async () => {
  vi.useFakeTimers()
  const { result, navigate } = await openOverlay()
  say(message('ready'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(navigate).not.toHaveBeenCalled()

  say(message('completed'))
  expect(await result).toEqual({ outcome: 'completed' })
})

test('mode redirect leaves at once, with the quantities and addresses it was given', async () => {
  const api = apiOf()
  const navigate = vi.fn()
  const quantities = [{ code: 'seats', quantity: 3 }]
  void runCheckout(
    api,
    { rateCard: 'team' },
    { mode: 'redirect', quantities, successUrl: 'https://a.example/ok' },
    navigate,
  )

  await vi.waitFor(() => expect(navigate).toHaveBeenCalledWith(page.url))
  expect(api.createCheckoutSession).toHaveBeenCalledWith({
    rateCard: 'team',
    quantities,
    checkout: { successUrl: 'https://a.example/ok', cancelUrl: location.href },
  })
})

test('a CheckoutRequired of the backend is opened as it is', async () => {
  const api = apiOf()
  const navigate = vi.fn()
  void runCheckout(
    api,
    { checkoutUrl: 'https://pay.example/checkout/cs_9', token: 'cs_9' },
    { mode: 'redirect' },
    navigate,
  )

  await vi.waitFor(() => expect(navigate).toHaveBeenCalledWith('https://pay.example/checkout/cs_9'))
  expect(api.createCheckoutSession).not.toHaveBeenCalled()
})

test('what the customer already has is refused before anything is shown', async () => {
  const conflict = new FlorinError('You are on this plan', { code: 'CONFLICT' })
  const result = runCheckout(apiOf({ createCheckoutSession: () => Promise.reject(conflict) }), { rateCard: 'premium' })
  await expect(result).rejects.toBe(conflict)
  expect(host()).toBeNull()
})

test.each([
  ['COMPLETED', 'completed'],
  ['PENDING', 'pending'],
  ['PROCESSING', 'canceled'],
  [null, 'canceled'],
] as const)(
  'closed while the session is %s, it ends as %s: the payment may be in another window',
  async (status, outcome) => {
    const api = apiOf({ readStatus: async () => status })
    const { result } = await openOverlay({ api })
    inOverlay('.close').click()
    expect(host()).toBeNull()
    expect(await result).toEqual({ outcome })
  },
)

test('a customer who comes back from a redirect by the Back button may have paid there', async () => {
  const api = apiOf({ readStatus: async () => 'COMPLETED' })
  const navigate = vi.fn()
  const result = runCheckout(api, { rateCard: 'premium' }, { mode: 'redirect' }, navigate)
  await vi.waitFor(() => expect(navigate).toHaveBeenCalled())
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  expect(await result).toEqual({ outcome: 'completed' })
})

test('an API that does not answer keeps nobody waiting after the overlay is gone', async () => {
  vi.useFakeTimers()
  const api = apiOf({ readStatus: () => new Promise(() => {}) })
  const { result } = await openOverlay({ api })
  inOverlay('.close').click()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(await result).toEqual({ outcome: 'canceled' })
})

test('a policy that forbids the frame leads to a redirect at once', async () => {
  const { navigate } = await openOverlay()
  const violation = (blockedURI: string) =>
    document.dispatchEvent(
      Object.assign(new Event('securitypolicyviolation'), { effectiveDirective: 'frame-src', blockedURI }),
    )
  violation('https://ads.example')
  expect(host()).not.toBeNull()
  violation('https://pay.example')
  expect(host()).toBeNull()
  await vi.waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith(page.url))
})

test('works twice in a row, and what comes late changes nothing', async () => {
  const first = await openOverlay()
  const source = inOverlay<HTMLIFrameElement>('iframe').contentWindow
  say(message('completed'))
  say(message('canceled'), { source })
  expect(await first.result).toEqual({ outcome: 'completed' })

  const second = await openOverlay()
  say(message('canceled'))
  expect(await second.result).toEqual({ outcome: 'canceled' })
  expect(document.documentElement.style.overflow).toBe('')
})

test('the focus goes back to where it was when the checkout was asked for', async () => {
  const buy = document.querySelector<HTMLButtonElement>('#buy')
  const api = apiOf({
    createCheckoutSession: async () => {
      // As a button that is switched off meanwhile.
      buy?.blur()
      return page
    },
  })
  const { result } = await openOverlay({ api })
  say(message('canceled'))
  await result
  expect(document.activeElement).toBe(buy)
})

test('several bundles, or a new payment method', async () => {
  const api = apiOf()
  const checkout = { successUrl: location.href, cancelUrl: location.href }
  void runCheckout(api, { bundle: 'pack', quantity: 3 }, { mode: 'redirect' }, () => {})
  void runCheckout(api, { paymentMethod: 'new' }, { mode: 'redirect' }, () => {})
  await vi.waitFor(() => expect(api.addPaymentMethod).toHaveBeenCalledWith({ checkout }))
  expect(api.createCheckoutSession).toHaveBeenCalledExactlyOnceWith({ bundle: 'pack', quantity: 3, checkout })
})

test('the frame may take payments and is told nothing of the address of the page', async () => {
  const { result } = await openOverlay()
  const frame = inOverlay<HTMLIFrameElement>('iframe')
  expect([frame.title, frame.getAttribute('allow'), frame.getAttribute('referrerpolicy')]).toEqual([
    'Checkout',
    'payment',
    'no-referrer',
  ])
  say(message('canceled'))
  await result
})
