import { expect, it } from 'vitest'
import { describeTrialEnd, type TrialEndFacts } from './describe-trial-end.ts'

const facts: TrialEndFacts = {
  seller: 'Persona',
  timezone: 'UTC',
  plan: 'Premium',
  interval: 'MONTH',
  amount: '100.00',
  currency: 'EUR',
  endsAt: Date.parse('2027-01-01T00:00:00Z'),
  method: null,
  methodUrl: 'https://pay.example/payment-methods/am_1',
}

it.each([
  [{ type: 'CARD', last4: '4242' } as const, 'your card ending in 4242 is charged €100.00'],
  [{ type: 'SEPA_DEBIT', last4: '3000' } as const, 'your bank account ending in 3000 is charged €100.00'],
  [null, 'There is no payment method on file yet.'],
])('says what is charged: %j', (method, words) => {
  expect(JSON.stringify(describeTrialEnd({ ...facts, method }))).toContain(words)
})

it.each([
  ['there is none', facts, true],
  ['there is one', { ...facts, method: { type: 'CARD', last4: '4242' } as const }, false],
  ['nothing is going to be charged', { ...facts, amount: '0.00' }, false],
])('leads to where a payment method is added: %s', (_, given, leads) => {
  const buttons = describeTrialEnd(given).parts.filter(({ kind }) => kind === 'button')
  expect(buttons).toEqual(leads ? [{ kind: 'button', label: 'Add a payment method', url: facts.methodUrl }] : [])
})
