import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { failureAdvice } from './failure-words.ts'

const advise = (code: string) => failureAdvice({ code, message: 'In the words of the server' })

test.each([
  'card_declined',
  'generic_decline',
  'insufficient_funds',
  'lost_card',
  'stolen_card',
  'fraudulent',
  'card_velocity_exceeded',
  'do_not_honor',
  'expired_card',
  'incorrect_cvc',
  'processing_error',
  'authentication_required',
  'amount_too_small',
  'amount_too_large',
])('%s is told in our own words, with what to do', (code) => {
  expect(advise(code)).not.toContain('words of the server')
  expect(advise(code)).toMatch(/Please .*\.$/)
})

test('every decline that the payment sandbox knows has words of its own', () => {
  const file = join(import.meta.dirname, '../../../../packages/stripe-sandbox/src/declines.ts')
  const source = readFileSync(file, 'utf8')
  const codes = [...source.matchAll(/(?:code: |declined\()'(\w+)'/g)].map(([, code]) => code as string)
  expect(codes.length).toBeGreaterThan(10)
  expect(codes.filter((code) => advise(code).includes('words of the server'))).toEqual([])
})

test('nobody is told that a card was reported', () => {
  const plain = advise('generic_decline')
  for (const code of ['lost_card', 'stolen_card', 'fraudulent', 'pickup_card']) expect(advise(code)).toBe(plain)
})

test('a code that is new is told in the words of the server, with what to do', () => {
  expect(advise('constructor')).toBe('In the words of the server. Please use another card, or try again later.')
})
