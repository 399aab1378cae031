import { describe, expect, test } from 'vitest'
import { cardByName, cardByNumber, cardByToken, judgeCharge, judgeSetup, TEST_CARDS, type TestCard } from './cards.ts'

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

test.each([
  ['4242424242424242', ['visa'], 'approved'],
  ['5555555555554444', ['mastercard'], 'approved'],
  ['378282246310005', ['amex'], 'approved'],
  ['4000000000000002', ['visa_chargeDeclined', 'chargeDeclined'], 'generic_decline'],
  ['4000000000009995', ['visa_chargeDeclinedInsufficientFunds'], 'insufficient_funds'],
  ['4000000000009987', ['visa_chargeDeclinedLostCard'], 'lost_card'],
  ['4000000000009979', ['visa_chargeDeclinedStolenCard'], 'stolen_card'],
  ['4000000000000069', ['chargeDeclinedExpiredCard'], 'expired_card'],
  ['4000000000000127', ['chargeDeclinedIncorrectCvc'], 'incorrect_cvc'],
  ['4000000000000119', ['chargeDeclinedProcessingError'], 'processing_error'],
  ['4000000000006975', ['visa_chargeDeclinedVelocityLimitExceeded'], 'card_velocity_exceeded'],
  ['4000000000000341', ['chargeCustomerFail'], 'generic_decline'],
  ['4000002760003184', ['authenticationRequired'], 'challenge'],
  ['4000000000003220', ['threeDSecure2Required'], 'challenge'],
  ['4000002500003155', ['authenticationRequiredOnSetup'], 'challenge'],
  ['4000003800000446', ['authenticationRequiredSetupForOffSession'], 'challenge'],
  ['4000008260003178', ['authenticationRequiredChargeDeclinedInsufficientFunds'], 'challenge'],
  ['4000000000000259', ['createDispute'], 'approved'],
  ['4000000000002685', ['createDisputeProductNotReceived'], 'approved'],
  ['4000000000001976', ['createDisputeInquiry'], 'approved'],
  ['4000000000007726', ['pendingRefund'], 'approved'],
  ['4000000000005126', ['refundFail'], 'approved'],
  ['4000000000000077', ['bypassPending'], 'approved'],
  ['4100000000000019', ['radarBlock'], 'fraudulent'],
])('%s is %j by name and by token, and %s', (number, names, outcome) => {
  for (const name of names) {
    expect(cardByName(`pm_card_${name}`)?.number).toBe(number)
    expect(cardByToken(`tok_${name}`)?.number).toBe(number)
    expect(charge(name, HERE)).toBe(outcome)
  }
  expect(cardByNumber(number)?.names).toContain(`pm_card_${names[0]}`)
})
