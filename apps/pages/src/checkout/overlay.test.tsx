// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { MemoryRouter, Route, Routes } from 'react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CheckoutPage } from './checkout-page.tsx'
import { type CheckoutScript, order, paidOrder, startCheckoutPeer } from './checkout-peer.ts'

const APP = 'http://app.example'
const networkFetch = globalThis.fetch
let stop = () => {}
let posted: { type: string; to: string }[] = []
let opened: string[] = []

beforeEach(() => {
  sessionStorage.clear()
  posted = []
  opened = []
})
afterEach(() => {
  cleanup()
  stop()
  vi.unstubAllGlobals()
})

test('the page around the frame hears that the order is ready, and that it was left', async () => {
  await openFramed({ checkout: () => order }, APP)
  await screen.findByRole('button', { name: 'Pay $100.00' })
  await expect.poll(() => posted).toEqual([{ type: 'ready', to: APP }])
  fireEvent.keyDown(window, { key: 'Escape' })
  expect(posted.at(-1)).toEqual({ type: 'canceled', to: APP })
})

test('an origin that the session does not name hears nothing and takes no payment', async () => {
  await openFramed({ checkout: () => order }, 'http://evil.example')
  const link = await screen.findByRole('link', { name: 'Open in full page' })
  expect(link.getAttribute('href')).toBe('/checkout/tok_1')
  expect(screen.queryByRole('button', { name: /^Pay/ })).toBeNull()
  fireEvent.keyDown(window, { key: 'Escape' })
  expect(posted).toEqual([])
})

test('a provider that allows no frames gets a window, and the frame goes on by itself', async () => {
  let status: 'PROCESSING' | 'COMPLETED' = 'PROCESSING'
  await openFramed(
    {
      checkout: () => order,
      payCheckout: () => ({ __typename: 'CheckoutRedirect', url: 'http://provider.example/pay', frameable: false }),
      confirmCheckout: () => ({ ...paidOrder, status }),
    },
    APP,
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Pay $100.00' }))
  await screen.findByRole('heading', { name: 'Finish paying in the other window' })
  expect(opened).toEqual(['http://provider.example/pay'])
  status = 'COMPLETED'
  await screen.findByRole('heading', { name: 'You’re on Premium' })
  await expect.poll(() => posted.at(-1)).toEqual({ type: 'completed', to: APP })
})

test('a browser that blocks the window gets a link to click', async () => {
  await openFramed(
    {
      checkout: () => order,
      payCheckout: () => ({ __typename: 'CheckoutRedirect', url: 'http://provider.example/pay', frameable: false }),
      confirmCheckout: () => order,
    },
    APP,
    () => false,
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Pay $100.00' }))
  const link = await screen.findByRole('link', { name: 'Open the payment page' })
  expect(link.getAttribute('href')).toBe('http://provider.example/pay')
  fireEvent.click(screen.getByRole('button', { name: 'Back to the order' }))
  await screen.findByRole('button', { name: 'Pay $100.00' })
})

test.each([
  ['paid', 'returned=1', 'completed'],
  ['left', 'canceled=1', 'ready'],
] as const)(
  'back from the provider (%s), a frame that may store nothing still speaks to its page',
  async (_, back, last) => {
    const checkout = last === 'completed' ? paidOrder : order
    await openFramed({ checkout: () => checkout, confirmCheckout: () => checkout }, APP, () => true, back)
    await expect.poll(() => posted.at(-1)).toEqual({ type: last, to: new URL(checkout.successUrl).origin })
  },
)

/** Opens the page in a frame whose surroundings claim to be `origin`, or where the provider leads back to. */
async function openFramed(
  script: Partial<CheckoutScript>,
  origin: string,
  letWindowOpen = () => true,
  query = `embed=1&origin=${encodeURIComponent(origin)}`,
): Promise<void> {
  const unasked = () => {
    throw new Error('the page should not ask for this')
  }
  const peer = await startCheckoutPeer(script)
  stop = peer.stop
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => networkFetch(new URL(path, peer.url), init))
  vi.stubGlobal('parent', {
    postMessage: ({ type }: { type: string }, to: string) => type !== 'resize' && posted.push({ type, to }),
  })
  const openWindow = (url: string) => {
    opened.push(url)
    return letWindowOpen()
  }
  const doors = { leave: unasked, openWindow }
  render(
    <MemoryRouter initialEntries={[`/checkout/tok_1?${query}`]}>
      <Routes>
        <Route path="/checkout/:token" element={<CheckoutPage doors={doors} />} />
      </Routes>
    </MemoryRouter>,
  )
}
