import { describe, expect, test } from 'vitest'
import { cardByName, cardByToken, judgeCharge, judgeSetup, TEST_CARDS, type TestCard } from './cards.ts'

const HERE = { offSession: false, authenticated: false, setUp: false }
const AWAY = { offSession: true, authenticated: false, setUp: false }

function named(name: string): TestCard {
  const card = cardByName(`pm_card_${name}`)
  if (!card) throw new Error(`no card is called ${name}`)
  return card
}

/** In one word: what the bank says in a situation. */
function charge(name: string, situation: typeof HERE): string {
  const verdict = judgeCharge(named(name), situation)
  return verdict.kind === 'declined' ? (verdict.why.decline_code ?? verdict.why.code) : verdict.kind
}

describe('a charge with the customer there, after the challenge, away, and away with a card that was set up', () => {
  const needed = 'authentication_required'
  test.each([
    ['visa', 'approved', 'approved', 'approved', 'approved'],
    ['chargeDeclined', 'generic_decline', 'generic_decline', 'generic_decline', 'generic_decline'],
    ['authenticationRequired', 'challenge', 'approved', needed, needed],
    ['authenticationRequiredOnSetup', 'challenge', 'approved', needed, 'approved'],
    ['authenticationRequiredSetupForOffSession', 'challenge', 'approved', 'approved', 'approved'],
    [
      'authenticationRequiredChargeDeclinedInsufficientFunds',
      'challenge',
      'insufficient_funds',
      needed,
      'insufficient_funds',
    ],
  ])('%s: %s, %s, %s, %s', (name, here, passed, away, awaySetUp) => {
    expect(charge(name, HERE)).toBe(here)
    expect(charge(name, { ...HERE, authenticated: true })).toBe(passed)
    expect(charge(name, AWAY)).toBe(away)
    expect(charge(name, { ...AWAY, setUp: true })).toBe(awaySetUp)
  })
})

test.each([
  ['visa', 'approved', 'approved'],
  ['chargeCustomerFail', 'approved', 'approved'],
  ['chargeDeclined', 'declined', 'declined'],
  ['authenticationRequiredOnSetup', 'challenge', 'approved'],
  ['authenticationRequiredSetupForOffSession', 'approved', 'approved'],
])('setting up %s: %s, and after the challenge %s', (name, first, passed) => {
  expect(judgeSetup(named(name), false).kind).toBe(first)
  expect(judgeSetup(named(name), true).kind).toBe(passed)
})

test('numbers and names are each one card', () => {
  const numbers = TEST_CARDS.map((card) => card.number)
  const names = TEST_CARDS.flatMap((card) => card.names)
  expect([new Set(numbers).size, new Set(names).size]).toEqual([numbers.length, names.length])
})

test('a token is the name of its card', () => {
  expect(cardByToken('tok_amex')?.brand).toBe('amex')
  expect(cardByToken('pm_card_amex')).toBeUndefined()
})
