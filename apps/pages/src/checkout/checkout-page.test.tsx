// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { GraphQLError } from 'graphql'
import { MemoryRouter, Route, Routes } from 'react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Checkout, CheckoutMethod } from './checkout-api.ts'
import { CheckoutPage } from './checkout-page.tsx'
import { type CheckoutScript, order, paidOrder, startCheckoutPeer } from './checkout-peer.ts'

const VISA = { brand: 'visa', last4: '4242', expMonth: 4, expYear: 2040 }
const networkFetch = globalThis.fetch
let stop = () => {}
let left: string[] = []

beforeEach(() => {
  left = []
})
afterEach(() => {
  cleanup()
  stop()
  vi.unstubAllGlobals()
})

test('an open order names the totals now and later, and what they do to the balance', async () => {
  await open({ checkout: () => order })
  await screen.findByRole('heading', { name: 'Premium' })
  expect(screen.getByRole('button', { name: 'Pay $100.00' })).toHaveProperty('disabled', false)
  expect(screen.getByText(/^Then \$100.00 every month from/)).toBeTruthy()
  expect(screen.getByRole('list', { name: 'Your balance' }).textContent).toMatch(/Credits.*2.*102/)
})

test('a trial is started, not paid', async () => {
  const nothing = { amount: '0.00', currency: 'USD' }
  await open({
    checkout: () => ({
      ...order,
      lines: [],
      dueNow: nothing,
      rateCard: { name: 'Studio', interval: 'MONTH' },
      trialEndsAt: '2026-12-21T12:00:00Z',
    }),
  })
  await screen.findByRole('button', { name: 'Start the free trial' })
  expect(screen.getByText(/^First charge on .*: \$100.00, then every month$/)).toBeTruthy()
  expect(screen.getByText(/^Cancel before .* and you pay nothing.$/)).toBeTruthy()
})

test('what account credit covers is confirmed, not paid', async () => {
  const nothing = { amount: '0.00', currency: 'USD' }
  await open({ checkout: () => ({ ...order, dueNow: nothing, paymentMethod: VISA }) })
  await screen.findByRole('button', { name: 'Confirm' })
  expect(screen.queryByRole('button', { name: /^Pay/ })).toBeNull()
})

test('two clicks pay once', async () => {
  const asked: string[] = []
  await open({
    checkout: () => order,
    payCheckout: (method, dueNow) => {
      asked.push(`${method} ${dueNow}`)
      return { __typename: 'CheckoutRedirect', url: 'http://provider.example/pay', frameable: false }
    },
  })
  const button = await screen.findByRole('button', { name: 'Pay $100.00' })
  fireEvent.click(button)
  fireEvent.click(button)
  await expect.poll(() => left).toEqual(['http://provider.example/pay'])
  expect(asked).toEqual(['NEW_CARD 100.00'])
  expect(button.getAttribute('aria-busy')).toBe('true')
})

test('with a card on file, it is offered first and charged without leaving', async () => {
  const asked: CheckoutMethod[] = []
  await open({
    checkout: () => ({ ...order, paymentMethod: VISA }),
    payCheckout: (method) => {
      asked.push(method)
      return { __typename: 'CheckoutDone', checkout: paidOrder, already: false }
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Pay with Visa •••• 4242' }))
  await screen.findByRole('heading', { name: 'You’re on Premium' })
  expect(asked).toEqual(['CARD_ON_FILE'])
  expect(screen.getByRole('link', { name: /^Invoice F-0001/ }).getAttribute('href')).toBe(paidOrder.invoice?.pageUrl)
  expect(screen.getByRole('link', { name: 'Continue to Persona' }).getAttribute('href')).toBe(order.successUrl)
})

test('a declined card says why in the words of the server, and may be tried again', async () => {
  await open({
    checkout: () => ({ ...order, paymentMethod: VISA }),
    payCheckout: () => ({
      __typename: 'PaymentFailed',
      code: 'insufficient_funds',
      message: 'There was not enough money. Please use another card.',
    }),
  })
  fireEvent.click(await screen.findByRole('button', { name: /^Pay with/ }))
  expect((await screen.findByRole('alert')).textContent).toContain(
    'There was not enough money. Please use another card. Nothing was charged.',
  )
  expect(screen.getByRole('button', { name: 'Use another card' })).toHaveProperty('disabled', false)
  // What was declined is offered again, after what helps.
  const offered = screen.getAllByRole('button').map(({ textContent }) => textContent)
  expect(offered.slice(-2)).toEqual(['Use another card', 'Pay with Visa •••• 4242'])
})

test('a customer back from the provider sees the payment through', async () => {
  const answers: Checkout[] = [{ ...order, status: 'PROCESSING' }, paidOrder]
  await open({ checkout: () => order, confirmCheckout: () => answers.shift() ?? paidOrder }, '?returned=1')
  await screen.findByRole('progressbar', { name: 'Confirming your payment' })
  await screen.findByRole('heading', { name: 'You’re on Premium' })
})

test('a customer back from the provider without paying keeps the order', async () => {
  await open({ checkout: () => order, confirmCheckout: () => order }, '?returned=1')
  expect((await screen.findByRole('alert')).textContent).toContain('You came back without paying')
})

test('a customer who changed their mind at the provider may pay after all', async () => {
  const waiting: Checkout = { ...order, status: 'PROCESSING' }
  await open({ checkout: () => waiting, confirmCheckout: () => waiting }, '?canceled=1')
  expect((await screen.findByRole('alert')).textContent).toContain('You came back without paying')
  expect(screen.getByRole('button', { name: 'Pay $100.00' })).toHaveProperty('disabled', false)
})

test('a customer who left the provider open and comes by the link again finds the order', async () => {
  const waiting: Checkout = { ...order, status: 'PROCESSING' }
  await open({ checkout: () => waiting, confirmCheckout: () => waiting })
  await screen.findByRole('button', { name: 'Pay $100.00' })
  expect(screen.queryByRole('alert')).toBeNull()
})

test('a payment that got no answer is looked up, never repeated', async () => {
  let payments = 0
  await open({
    checkout: () => order,
    payCheckout: () => {
      payments += 1
      throw new Error('the connection broke')
    },
    confirmCheckout: () => paidOrder,
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Pay $100.00' }))
  await screen.findByRole('heading', { name: 'You’re on Premium' })
  expect(payments).toBe(1)
})

test.each([
  ['EXPIRED', 'This order has expired'],
  ['REFUNDED', 'Your payment was returned'],
  ['COMPLETED', 'This order is already paid'],
] as const)('an order that is %s says: %s', async (status, heading) => {
  await open({ checkout: () => ({ ...order, status }) })
  await screen.findByRole('heading', { name: heading })
  expect(screen.queryByRole('button', { name: /^Pay/ })).toBeNull()
})

test('an invoice that is paid on its checkout says so, with lines that are alike', async () => {
  const line = { description: 'Seat', quantity: '1', amount: '50.00', proration: false, periodEnd: null }
  const invoice = { ...order, title: 'Invoice F-0001', rateCard: null, lines: [line, line], paymentMethod: VISA }
  await open({
    checkout: () => invoice,
    payCheckout: () => ({ __typename: 'CheckoutDone', checkout: { ...invoice, status: 'COMPLETED' }, already: false }),
  })
  fireEvent.click(await screen.findByRole('button', { name: /^Pay with/ }))
  expect(screen.getAllByText('Seat')).toHaveLength(2)
  await screen.findByRole('heading', { name: 'Invoice F-0001 is paid' })
})

test('what another tab has paid is told as such, and not as a new payment', async () => {
  await open({
    checkout: () => ({ ...order, paymentMethod: VISA }),
    payCheckout: () => ({ __typename: 'CheckoutDone', checkout: paidOrder, already: true }),
  })
  fireEvent.click(await screen.findByRole('button', { name: /^Pay with/ }))
  await screen.findByRole('heading', { name: 'This order is already paid' })
  expect(screen.queryByText(/^Going back in/)).toBeNull()
})

test('a tab that comes to the front again hears that the order was paid elsewhere', async () => {
  let current = order
  await open({ checkout: () => current })
  await screen.findByRole('button', { name: 'Pay $100.00' })
  current = paidOrder
  fireEvent(window, new Event('focus'))
  await screen.findByRole('heading', { name: 'This order is already paid' })
})

test.each([true, false])('who pays an invoice may keep the card; proposed: %s', async (proposed) => {
  const asked: (boolean | null)[] = []
  await open({
    checkout: () => ({ ...order, title: 'Invoice F-0001', rateCard: null, saveMethod: proposed }),
    payCheckout: (_method, _dueNow, saveMethod) => {
      asked.push(saveMethod)
      return { __typename: 'PaymentFailed', code: 'card_declined', message: 'declined' }
    },
  })
  const box = await screen.findByRole('checkbox', { name: 'Use this card for future payments' })
  expect(box).toHaveProperty('checked', proposed)
  fireEvent.click(screen.getByRole('button', { name: /^Pay/ }))
  await screen.findByRole('alert')
  fireEvent.click(box)
  fireEvent.click(screen.getByRole('button', { name: /^Pay/ }))
  await expect.poll(() => asked).toEqual([proposed, !proposed])
})

test('what is bought asks nothing about the card', async () => {
  await open({ checkout: () => order })
  await screen.findByRole('button', { name: /^Pay/ })
  expect(screen.queryByRole('checkbox')).toBeNull()
})

test('an order that was changed in another tab is shown anew, and not paid', async () => {
  const changed = { ...order, dueNow: { amount: '250.00', currency: 'USD' } }
  await open({
    checkout: () => order,
    payCheckout: () => {
      throw new GraphQLError('changed', { extensions: { code: 'CONFLICT', field: 'dueNow' } })
    },
    confirmCheckout: () => changed,
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Pay $100.00' }))
  await screen.findByRole('button', { name: 'Pay $250.00' })
  expect(screen.getByRole('alert').textContent).toContain('has changed')
})

test('a card that has expired is not offered to be charged', async () => {
  await open({ checkout: () => ({ ...order, paymentMethod: { ...VISA, expMonth: 1, expYear: 2020 } }) })
  await screen.findByRole('button', { name: 'Pay $100.00 with another card' })
  expect(screen.getByText('Your card on file, Visa •••• 4242, expired 01/2020.')).toBeTruthy()
  expect(screen.queryByRole('button', { name: /^Pay with/ })).toBeNull()
})

test('a token that nobody issued is told apart from a server that is down', async () => {
  await open({ checkout: () => null })
  await screen.findByRole('heading', { name: 'We don’t know this order' })
})

test('a server that is down can be asked again', async () => {
  await open({ checkout: () => order })
  cleanup()
  let down = true
  const reachable = globalThis.fetch
  vi.stubGlobal('fetch', (path: string, init: RequestInit) =>
    down ? Promise.reject(new TypeError('fetch failed')) : reachable(path, init),
  )
  renderPage('')
  await screen.findByRole('heading', { name: 'We can’t reach the server' })
  down = false
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await screen.findByRole('heading', { name: 'Premium' })
})

/** Plays the script on a local server and opens the page in front of it. */
async function open(script: Partial<CheckoutScript>, query = ''): Promise<void> {
  const peer = await startCheckoutPeer(script)
  stop = peer.stop
  // A browser resolves `/graphql` against the page's origin; outside of one, somebody has to say it.
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => networkFetch(new URL(path, peer.url), init))
  renderPage(query)
}

function renderPage(query: string): void {
  const doors = { leave: (url: string) => void left.push(url), openWindow: () => true }
  render(
    <MemoryRouter initialEntries={[`/checkout/tok_1${query}`]}>
      <Routes>
        <Route path="/checkout/:token" element={<CheckoutPage doors={doors} />} />
      </Routes>
    </MemoryRouter>,
  )
}
