// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { Checkout } from './checkout-api.ts'
import { order } from './checkout-peer.ts'
import { orderView } from './checkout-view.ts'
import { CompletedView } from './views/completed-view.tsx'
import { OrderView } from './views/order-view.tsx'
import { ExpiredView, PendingView } from './views/problem-views.tsx'

afterEach(cleanup)

const setup: Checkout = {
  ...order,
  setup: true,
  title: 'Payment method',
  rateCard: null,
  lines: [],
  creditsAfter: [],
  nextRenewal: null,
  nextRenewalAt: null,
  dueNow: { amount: '0.00', currency: 'USD' },
}
const visit = {
  token: 'tok_1',
  framed: false,
  embed: false,
  claimedOrigin: null,
  returned: null,
}

test('a page that saves a payment method names no amount, and says that nothing is charged', () => {
  const onPay = vi.fn()
  render(<OrderView view={orderView(setup)} onPay={onPay} onChoose={vi.fn()} fullPageToken={null} onClose={null} />)
  expect(screen.getByRole('heading', { name: 'Add a payment method' })).toBeTruthy()
  expect(screen.getByText(/Nothing is charged now/)).toBeTruthy()
  expect(screen.queryByText(/\$/)).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Add a payment method' }))
  expect(onPay).toHaveBeenCalledExactlyOnceWith({ method: 'NEW_CARD', saveMethod: null })
})

test('a payment method that was refused says why', () => {
  const failure = { code: 'expired_card', message: 'Your card has expired. Please use another card.' }
  const view = orderView(setup, { failure })
  render(<OrderView view={view} onPay={vi.fn()} onChoose={vi.fn()} fullPageToken={null} onClose={null} />)
  expect(screen.getByRole('alert').textContent).toBe(
    'It could not be saved. Your card has expired. Please use another card. Nothing was charged.',
  )
})

test.each([true, false])('it is saved, whether just now (%s) or before', (justNow) => {
  render(<CompletedView checkout={{ ...setup, status: 'COMPLETED' }} justNow={justNow} visit={visit} />)
  expect(screen.getByRole('heading', { name: 'Your payment method is saved' })).toBeTruthy()
  expect(screen.getByText(/Nothing was charged/)).toBeTruthy()
})

test('what the customer agrees to stands beside the button, where the seller has said it', () => {
  const brand = { ...order.brand, name: 'Persona', termsUrl: 'https://persona.example/terms' }
  const view = orderView({ ...order, brand })
  render(<OrderView view={view} onPay={vi.fn()} onChoose={vi.fn()} fullPageToken={null} onClose={null} />)
  expect(screen.getByRole('link', { name: 'terms of Persona' }).getAttribute('href')).toBe(brand.termsUrl)
  expect(screen.queryByRole('link', { name: 'Privacy policy' })).toBeNull()
})

test('a debit that the bank did not make says why, and leads back', () => {
  const failure = {
    code: 'insufficient_funds',
    message: 'There was not enough money for the payment. Please use another card, or try again later.',
  }
  render(<ExpiredView checkout={{ ...order, status: 'EXPIRED', failure }} framed={false} onClose={null} />)
  expect(screen.getByRole('heading', { name: 'The payment did not go through' })).toBeTruthy()
  expect(screen.getByText(/not enough money/)).toBeTruthy()
  expect(screen.getByRole('link', { name: /^Back to/ }).getAttribute('href')).toBe(order.cancelUrl)
})

test('what the bank takes days for may be left, and in an overlay it closes', () => {
  const onClose = vi.fn()
  render(<PendingView checkout={{ ...order, status: 'PENDING' }} framed onClose={onClose} />)
  expect(screen.getByText(/You can close this page/)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: /^Back to/ }))
  expect(onClose).toHaveBeenCalledOnce()
})
