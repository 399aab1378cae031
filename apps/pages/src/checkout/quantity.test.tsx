// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { GraphQLError } from 'graphql'
import { MemoryRouter, Route, Routes } from 'react-router'
import { afterEach, expect, test, vi } from 'vitest'
import type { Checkout } from './checkout-api.ts'
import { CheckoutPage } from './checkout-page.tsx'
import { type CheckoutScript, order, paidOrder, startCheckoutPeer } from './checkout-peer.ts'

const networkFetch = globalThis.fetch
let stop = () => {}

afterEach(() => {
  cleanup()
  stop()
  vi.unstubAllGlobals()
})

const usd = (amount: number) => ({ amount: `${amount}.00`, currency: 'USD' })

/** Ten dollars a seat. */
const seats = (quantity: number): Checkout => ({
  ...order,
  quantities: [{ code: 'seats', name: 'Seats', quantity, least: 1, most: 100, unitPrice: usd(10) }],
  dueNow: usd(10 * quantity),
})

test('several clicks are one change, and nothing is paid before it is known', async () => {
  const asked: unknown[] = []
  await open({
    checkout: () => seats(2),
    changeCheckout: ({ quantities = [] }) => {
      asked.push(quantities)
      return seats(quantities[0]?.quantity ?? 0)
    },
  })
  const more = await screen.findByRole('button', { name: 'One more: Seats' })
  fireEvent.click(more)
  fireEvent.click(more)
  expect(screen.getByLabelText('Seats')).toHaveProperty('value', '4')
  expect(screen.getByRole('button', { name: /^Pay/ })).toHaveProperty('disabled', true)
  expect(await screen.findByRole('button', { name: 'Pay $40.00' })).toHaveProperty('disabled', false)
  expect(asked).toEqual([[{ code: 'seats', quantity: 4 }]])
  expect(screen.getByText('$10.00 each')).toBeTruthy()
})

test('a number is typed; one that is none asks for nothing', async () => {
  await open({ checkout: () => seats(2), changeCheckout: ({ quantities = [] }) => seats(quantities[0]?.quantity ?? 0) })
  const field = await screen.findByLabelText('Seats')
  for (const bad of ['', '0', '101', '-3', '2.5']) {
    fireEvent.change(field, { target: { value: bad } })
    if (field instanceof HTMLInputElement && field.value !== bad) continue
    expect(screen.getByRole('alert').textContent).toBe('Please choose a whole number from 1 to 100.')
    expect(screen.getByRole('button', { name: 'Pay $20.00' })).toHaveProperty('disabled', false)
  }
  fireEvent.change(field, { target: { value: '12' } })
  await screen.findByRole('button', { name: 'Pay $120.00' })
  expect(screen.queryByRole('alert')).toBeNull()
})

test('the ends of the range have no button that leads further', async () => {
  await open({ checkout: () => seats(1) })
  const fewer = await screen.findByRole('button', { name: 'One fewer: Seats' })
  const more = screen.getByRole('button', { name: 'One more: Seats' })
  expect([fewer, more].map((button) => button.getAttribute('aria-disabled'))).toEqual(['true', 'false'])
  fireEvent.click(fewer)
  expect(screen.getByLabelText('Seats')).toHaveProperty('value', '1')
  expect(screen.getByRole('button', { name: /^Pay/ })).toHaveProperty('disabled', false)
})

test('a refusal says why and leaves the order as it was', async () => {
  await open({
    checkout: () => seats(2),
    changeCheckout: () => {
      throw new GraphQLError('too much', { extensions: { code: 'INVALID_INPUT', field: 'quantities' } })
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'One more: Seats' }))
  expect((await screen.findByRole('alert')).textContent).toContain('Please choose fewer')
  expect(screen.getByLabelText('Seats')).toHaveProperty('value', '2')
  expect(screen.getByRole('button', { name: 'Pay $20.00' })).toHaveProperty('disabled', false)
})

test('an order that was paid in the meantime says so instead of changing', async () => {
  let current = seats(2)
  await open({
    checkout: () => current,
    changeCheckout: () => {
      throw new GraphQLError('paid', { extensions: { code: 'CONFLICT' } })
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'One more: Seats' }))
  current = paidOrder
  await screen.findByRole('heading', { name: 'This order is already paid' })
})

test('bundles are asked for by their quantity', async () => {
  const pack = (quantity: number): Checkout => ({
    ...order,
    rateCard: null,
    bundle: { name: '100 credits', credits: '100' },
    quantities: [{ code: 'pack', name: '100 credits', quantity, least: 1, most: 1000, unitPrice: usd(10) }],
    dueNow: usd(10 * quantity),
  })
  await open({ checkout: () => pack(1), changeCheckout: ({ quantity = 0 }) => pack(quantity) })
  fireEvent.click(await screen.findByRole('button', { name: 'One more: 100 credits' }))
  await screen.findByRole('button', { name: 'Pay $20.00' })
})

async function open(script: Partial<CheckoutScript>): Promise<void> {
  const peer = await startCheckoutPeer(script)
  stop = peer.stop
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => networkFetch(new URL(path, peer.url), init))
  const unused = () => {
    throw new Error('nothing leads elsewhere here')
  }
  render(
    <MemoryRouter initialEntries={['/checkout/tok_1']}>
      <Routes>
        <Route path="/checkout/:token" element={<CheckoutPage doors={{ leave: unused, openWindow: unused }} />} />
      </Routes>
    </MemoryRouter>,
  )
}
