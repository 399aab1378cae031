import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { declineWords } from './decline.ts'

const UNKNOWN = declineWords('never_heard_of')

test.each([
  ['card_declined', 'Your bank declined the card.', 'Please use another card, or ask your bank why.'],
  ['insufficient_funds', 'There was not enough money for the payment.', 'Please use another card, or try again later.'],
  ['expired_card', 'Your card has expired.', 'Please use another card.'],
  [
    'incorrect_cvc',
    'The security code is not right.',
    'Please check the three or four digits on your card and try again.',
  ],
  [
    'processing_error',
    'Your bank could not be reached just now.',
    'Please try again in a few minutes, or use another card.',
  ],
  [
    'authentication_required',
    'Your bank asks you to confirm that it is really you.',
    'Please pay on the card page, where it can ask you.',
  ],
  ['no_card', 'There is no payment method on file.', 'Please pay with a card.'],
  ['disputed', 'An earlier payment of yours is in dispute.', 'Please pay with another card.'],
])('%s says what happened and what to do', (code, reason, remedy) => {
  expect(declineWords(code)).toEqual({ reason, remedy })
})

test('every decline that the payment sandbox knows has words of its own, with what to do', () => {
  const source = readFileSync(join(import.meta.dirname, '../../stripe-sandbox/src/declines.ts'), 'utf8')
  const codes = [...source.matchAll(/(?:code: |declined\()'(\w+)'/g)].map(([, code]) => code as string)
  expect(codes.length).toBeGreaterThan(10)
  expect(codes.filter((code) => declineWords(code) === UNKNOWN)).toEqual([])
  for (const code of codes) expect(declineWords(code).remedy).toMatch(/^Please .*\.$/)
})

test('nobody is told that a card was reported', () => {
  const plain = declineWords('generic_decline')
  for (const code of ['lost_card', 'stolen_card', 'fraudulent', 'pickup_card']) expect(declineWords(code)).toBe(plain)
})

test('a code that is new, or the name of what every object has, is told in general words', () => {
  for (const code of ['constructor', '__proto__', '']) expect(declineWords(code)).toBe(UNKNOWN)
  expect(UNKNOWN).toEqual({
    reason: 'Your bank did not accept the payment.',
    remedy: 'Please use another card, or try again later.',
  })
})
