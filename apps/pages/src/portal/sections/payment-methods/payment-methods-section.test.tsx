// @vitest-environment jsdom
import { FlorinError, type PaymentMethod } from '@florin/sdk'
import { mockBillingApi, mockBillingState, mockCheckout } from '@florin/sdk/testing'
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { showSection } from '../../section-stage.tsx'
import { PaymentMethodsSection } from './payment-methods-section.tsx'

afterEach(cleanup)

const VISA: PaymentMethod = {
  id: 'pm_visa',
  type: 'CARD',
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2040,
  isDefault: true,
}
const ACCOUNT: PaymentMethod = {
  ...VISA,
  id: 'pm_sepa',
  type: 'SEPA_DEBIT',
  brand: 'sepa_debit',
  last4: '3000',
  expMonth: 0,
  expYear: 0,
  isDefault: false,
}
const OLD: PaymentMethod = { ...VISA, id: 'pm_old', last4: '0001', expYear: 2025, isDefault: false }
const STATE = mockBillingState({ at: new Date().toISOString(), subscriptions: [{}] })

const rowOf = (name: string) => within(screen.getByRole('heading', { name }).closest('li') as HTMLElement)

test('shows each with how long it is good for, and which one is charged', () => {
  showSection(<PaymentMethodsSection />, { state: STATE, paymentMethods: [VISA, ACCOUNT, OLD] })
  rowOf('Visa ending in 4242').getByText('Default')
  rowOf('Visa ending in 4242').getByText('Expires 12/2040')
  expect(rowOf('Visa ending in 4242').queryByRole('button', { name: /^Make default/ })).toBeNull()
  rowOf('Bank account ending in 3000').getByText('SEPA direct debit')
  rowOf('Visa ending in 0001').getByText('Expired in 12/2025')
})

test('makes another one the default', async () => {
  const api = mockBillingApi({ setDefaultPaymentMethod: async () => [ACCOUNT, VISA] })
  const { announced } = showSection(<PaymentMethodsSection />, { state: STATE, paymentMethods: [VISA, ACCOUNT], api })
  fireEvent.click(rowOf('Bank account ending in 3000').getByRole('button', { name: /^Make default/ }))
  await waitFor(() => expect(announced).toEqual(['Bank account ending in 3000 is your default now.']))
  expect(api.calls).toEqual([{ method: 'setDefaultPaymentMethod', arguments: ['pm_sepa'] }])
})

test('says what follows before one is removed; who keeps it changes nothing', async () => {
  const api = mockBillingApi({ removePaymentMethod: async () => [ACCOUNT] })
  const { announced } = showSection(<PaymentMethodsSection />, { state: STATE, paymentMethods: [VISA, ACCOUNT], api })
  const remove = () => fireEvent.click(rowOf('Visa ending in 4242').getByRole('button', { name: /^Remove/ }))
  remove()
  const dialog = within(screen.getByRole('dialog', { name: 'Remove Visa ending in 4242?' }))
  dialog.getByText('Renewals and automatic top-ups are charged to your bank account ending in 3000 from now on.')
  fireEvent.click(dialog.getByRole('button', { name: 'Keep it' }))
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(api.calls).toEqual([])
  remove()
  fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Remove' }))
  await waitFor(() => expect(announced).toEqual(['Visa ending in 4242 was removed.']))
  expect(api.calls).toEqual([{ method: 'removePaymentMethod', arguments: ['pm_visa'] }])
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('one that is being charged stays, and the dialog says why', async () => {
  const removePaymentMethod = async () => {
    throw new FlorinError('a payment is being made with this method: wait until it has come or failed', {
      code: 'CONFLICT',
    })
  }
  const api = mockBillingApi({ removePaymentMethod })
  showSection(<PaymentMethodsSection />, { state: STATE, paymentMethods: [VISA], api })
  fireEvent.click(screen.getByRole('button', { name: /^Remove/ }))
  const dialog = within(screen.getByRole('dialog'))
  fireEvent.click(dialog.getByRole('button', { name: 'Remove' }))
  await dialog.findByText('A payment is being made with this method: wait until it has come or failed.')
})

test('without any it says what one is for, and adds one over the page', async () => {
  const checkout = mockCheckout()
  const { announced } = showSection(<PaymentMethodsSection />, { state: STATE, paymentMethods: [], checkout })
  screen.getByText('There is none yet. Add one so that renewals and top-ups go through without you.')
  fireEvent.click(screen.getByRole('button', { name: 'Add a payment method' }))
  await waitFor(() => expect(announced).toEqual(['Your payment method was added.']))
  expect(checkout.calls.map(({ target }) => target)).toEqual([{ paymentMethod: 'new' }])
})
