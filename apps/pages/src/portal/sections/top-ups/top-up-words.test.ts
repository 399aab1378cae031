import { expect, test } from 'vitest'
import { lifeOf, offersOf } from './offers.ts'
import { limitWords, standingOf, termsWords } from './top-up-words.ts'

const bundle = (code: string, creditType = 'credits') => ({
  code,
  name: code,
  creditType,
  credits: '1500',
  price: { amount: '6.00', currency: 'USD' },
  expiresAfterDays: null,
})
const topUp = {
  creditType: 'credits',
  enabled: true,
  threshold: '10',
  bundle: bundle('pack'),
  maxPerMonth: null,
  maxSpendPerMonth: null,
  state: 'READY' as const,
  nextAttemptAt: null,
  actionUrl: null,
}
const balances = [{ creditType: 'credits', name: 'Credits' }] as never
const month = {
  creditType: 'credits',
  count: 2,
  spent: { amount: '12.00', currency: 'USD' },
  resetsAt: '2026-12-01T00:00:00Z',
}

test('says what it does', () => {
  expect(termsWords(topUp, { balances })).toBe('Buys 1,500 credits for $6.00 when your balance falls to 10 credits.')
})

test('says what the limits leave, and nothing where there are none', () => {
  expect(limitWords(topUp, month, 'UTC')).toBeNull()
  const limited = { ...topUp, maxPerMonth: 3, maxSpendPerMonth: '18.00' }
  expect(limitWords(limited, month, 'UTC')).toBe(
    'Used this month: 2 of 3 purchases and $12.00 of $18.00, until Dec 1, 2026.',
  )
  expect(limitWords({ ...topUp, maxPerMonth: 1 }, undefined, 'UTC')).toBe('Used this month: 0 of 1 purchase.')
})

const at = '2026-11-26T14:05:00Z'
const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2040 } as never

test.each([
  ['CHARGING', null, card, 'It is buying credits right now.'],
  ['BACKING_OFF', at, card, 'The last charge was declined. It tries again on Nov 26, 2026 at 3:05 PM.'],
  ['LIMIT_REACHED', at, card, 'A limit of this month is reached. It resumes on Nov 26, 2026 at 3:05 PM.'],
  ['NEEDS_CUSTOMER', null, card, /^Your bank declined, or wants you to confirm/],
  ['NEEDS_CUSTOMER', null, null, /^There is no payment method to charge/],
] as const)('%s at %s', (state, nextAttemptAt, paymentMethod, words) => {
  const told = standingOf({ ...topUp, state, nextAttemptAt }, { paymentMethod }, 'Europe/Berlin')
  expect(told?.words.replaceAll('\u202f', ' ')).toMatch(words)
})

test('one that waits for its moment says nothing', () => {
  expect(standingOf(topUp, { paymentMethod: card }, 'UTC')).toBeUndefined()
})

test('offers the bundles of own cards first, once each, and public ones of credits that are in use', () => {
  const subscriptions = [{ rateCard: { bundles: [{ ...bundle('pack'), name: 'Mine' }] } }] as never
  const cards = [{ bundles: [bundle('pack'), bundle('big'), bundle('other', 'minutes')] }] as never
  expect(offersOf({ subscriptions, balances }, cards).map(({ name }) => name)).toEqual(['Mine', 'big'])
})

test.each([
  [null, 'They do not expire'],
  [1, 'Good for a day'],
  [90, 'Good for 90 days'],
  [365, 'Good for a year'],
])('%s days: %s', (expiresAfterDays, words) => expect(lifeOf({ expiresAfterDays })).toBe(words))
