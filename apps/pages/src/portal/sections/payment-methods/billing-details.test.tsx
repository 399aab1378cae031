// @vitest-environment jsdom
import { type BillingDetails, FlorinError } from '@florin/sdk'
import { type MockBillingApi, mockBillingApi, mockBillingState } from '@florin/sdk/testing'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { showSection } from '../../section-stage.tsx'
import { BillingDetailsPanel } from './billing-details-panel.tsx'

afterEach(cleanup)

const ADA: BillingDetails = {
  name: 'Ada SL',
  email: 'billing@ada.example',
  address: { line1: 'Gran Vía 1', line2: null, city: 'Madrid', postalCode: '28013', state: null, country: 'ES' },
  taxId: 'ESB58378431',
}
const NOTHING: BillingDetails = { name: null, email: null, address: null, taxId: null }
const STATE = mockBillingState()

const show = (billingDetails: BillingDetails, api?: MockBillingApi) =>
  showSection(<BillingDetailsPanel />, { state: STATE, billingDetails, ...(api && { api }) })
const change = () => fireEvent.click(screen.getByRole('button', { name: 'Change billing details' }))
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })
const save = () => fireEvent.click(screen.getByRole('button', { name: 'Save' }))
const saving = () => mockBillingApi({ setBillingDetails: async () => ({}) as never })

/** What is wrong with a field, as a screen reader hears it. */
const problemAt = (label: string) => {
  const field = screen.getByLabelText(label)
  expect(field.getAttribute('aria-invalid')).toBe('true')
  return (field.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent)
}

test('shows what stands on invoices, and what is not given', () => {
  show({ ...ADA, taxId: null })
  for (const line of ['Ada SL', 'billing@ada.example', 'Gran Vía 1', '28013 Madrid', 'Spain', 'Not given']) {
    screen.getByText(line)
  }
  screen.getByText(/A change applies to future invoices/)
})

test('saves what was changed, removes what was emptied, and gives the focus back', async () => {
  const api = saving()
  const { announced } = show(ADA, api)
  change()
  expect(document.activeElement).toBe(screen.getByLabelText('Name or company'))
  type('Name or company', ' Ada & Co ')
  type('Tax ID (optional)', '')
  save()
  await waitFor(() => expect(announced).toEqual(['Your billing details were saved. Your next invoices have them.']))
  expect(api.calls).toEqual([
    {
      method: 'setBillingDetails',
      arguments: [{ name: 'Ada & Co', email: ADA.email, taxId: null, address: ADA.address }],
    },
  ])
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Change billing details' })),
  )
})

test('asks for what an address lacks, at its field', async () => {
  const api = saving()
  show(NOTHING, api)
  change()
  type('Postal code', '10119')
  save()
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Street and number')))
  expect(problemAt('Street and number')).toEqual(['Write the street and number, in at most 200 characters.'])
  type('Street and number', 'Torstr. 1')
  type('City', 'Berlin')
  save()
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Country')))
  expect(problemAt('Country')).toEqual(['Choose the country of the address.'])
  expect(api.calls).toEqual([])
})

test('says at the tax id why it was refused, and keeps what was typed', async () => {
  const setBillingDetails = async () => {
    throw new FlorinError('"DE136695978" is not a VAT id of the European Union: a digit of it is wrong', {
      code: 'INVALID_INPUT',
      field: 'taxId',
    })
  }
  show(ADA, mockBillingApi({ setBillingDetails }))
  change()
  type('Tax ID (optional)', 'DE136695978')
  save()
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Tax ID (optional)')))
  expect(problemAt('Tax ID (optional)')[1]).toContain('a digit of it is wrong')
  expect(screen.getByLabelText('Tax ID (optional)')).toHaveProperty('value', 'DE136695978')
})

test('changes nothing for who cancels, and an address of which all was emptied is removed', async () => {
  const api = saving()
  show(ADA, api)
  change()
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  screen.getByText('Ada SL')
  expect(api.calls).toEqual([])
  change()
  for (const label of ['Street and number', 'City', 'Postal code', 'Country']) type(label, '')
  save()
  await waitFor(() => expect(api.calls[0]?.arguments[0]).toMatchObject({ address: null, taxId: 'ESB58378431' }))
})
