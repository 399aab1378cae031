import { DECLINES, type Decline } from './declines.ts'

/** A test card: what happens with it is decided by its number alone. Source: docs.stripe.com/testing. */
export interface TestCard {
  readonly type: 'card'
  readonly number: string
  /** Names that stand for a new payment method with this card: `pm_card_…`; the first is also a token, `tok_…`. */
  readonly names: readonly string[]
  readonly brand: 'visa' | 'mastercard' | 'amex' | 'discover'
  /** What the card is for, in a few words. */
  readonly label: string
  /** When the bank wants to ask the customer. `on_session`: only while the customer is there. */
  readonly authentication: 'never' | 'always' | 'unless_set_up' | 'on_session'
  /** Why charges are refused; null if they succeed. */
  readonly charge: Decline | null
  /** Why the card can't be saved to a customer; null if it can. */
  readonly attach: Decline | null
  readonly refund: 'succeeds' | 'pending_first' | 'fails_later'
  /** How the cardholder disputes each charge. */
  readonly dispute: 'never' | 'fraudulent' | 'product_not_received' | 'inquiry'
}

type Traits = Partial<Pick<TestCard, 'brand' | 'authentication' | 'charge' | 'attach' | 'refund' | 'dispute'>>

function card(number: string, names: string | readonly string[], label: string, traits: Traits = {}): TestCard {
  return {
    type: 'card',
    number,
    names: [names].flat().map((name) => `pm_card_${name}`),
    label,
    brand: 'visa',
    authentication: 'never',
    charge: null,
    attach: null,
    refund: 'succeeds',
    dispute: 'never',
    ...traits,
  }
}

/** A plain decline card is refused for charges and for saving alike. */
function refused(decline: Decline): Traits {
  return { charge: decline, attach: decline }
}

export const TEST_CARDS: readonly TestCard[] = [
  card('4242424242424242', 'visa', 'Payment succeeds'),
  card('5555555555554444', 'mastercard', 'Payment succeeds (Mastercard)', { brand: 'mastercard' }),
  card('378282246310005', 'amex', 'Payment succeeds (American Express)', { brand: 'amex' }),
  card('4000056655665556', 'visa_debit', 'Payment succeeds (Visa debit)'),
  card('5200828282828210', 'mastercard_debit', 'Payment succeeds (Mastercard debit)', { brand: 'mastercard' }),
  card('6011111111111117', 'discover', 'Payment succeeds (Discover)', { brand: 'discover' }),
  card('4000000000000077', 'bypassPending', 'Payment succeeds, and its money is available at once'),
  card(
    '4000000000000002',
    ['visa_chargeDeclined', 'chargeDeclined'],
    'Declined by the bank',
    refused(DECLINES.generic),
  ),
  card(
    '4000000000009995',
    ['visa_chargeDeclinedInsufficientFunds', 'chargeDeclinedInsufficientFunds'],
    'Insufficient funds',
    refused(DECLINES.insufficientFunds),
  ),
  card(
    '4000000000009987',
    ['visa_chargeDeclinedLostCard', 'chargeDeclinedLostCard'],
    'Lost card',
    refused(DECLINES.lostCard),
  ),
  card(
    '4000000000009979',
    ['visa_chargeDeclinedStolenCard', 'chargeDeclinedStolenCard'],
    'Stolen card',
    refused(DECLINES.stolenCard),
  ),
  card('4000000000000069', 'chargeDeclinedExpiredCard', 'Expired card', refused(DECLINES.expiredCard)),
  card('4000000000000127', 'chargeDeclinedIncorrectCvc', 'Wrong security code', refused(DECLINES.incorrectCvc)),
  card('4000000000000119', 'chargeDeclinedProcessingError', 'Processing error', refused(DECLINES.processingError)),
  card(
    '4000000000006975',
    ['visa_chargeDeclinedVelocityLimitExceeded', 'chargeDeclinedVelocityLimitExceeded'],
    'Used too often',
    refused(DECLINES.velocityExceeded),
  ),
  card('4000000000000341', 'chargeCustomerFail', 'Can be saved, then declines', { charge: DECLINES.generic }),
  card('4000002760003184', 'authenticationRequired', 'Bank asks every time', { authentication: 'always' }),
  card('4000000000003220', 'threeDSecure2Required', 'Bank asks every time (3D Secure 2)', { authentication: 'always' }),
  card('4000000000003063', 'threeDSecureRequired', 'Bank asks every time (3D Secure)', { authentication: 'always' }),
  card('4000002500003155', 'authenticationRequiredOnSetup', 'Bank asks until the card is saved', {
    authentication: 'unless_set_up',
  }),
  card('4000003800000446', 'authenticationRequiredSetupForOffSession', 'Bank asks only while you are here', {
    authentication: 'on_session',
  }),
  card(
    '4000008260003178',
    'authenticationRequiredChargeDeclinedInsufficientFunds',
    'Bank asks, then insufficient funds',
    { authentication: 'unless_set_up', charge: DECLINES.insufficientFunds },
  ),
  card('4000000000007726', 'pendingRefund', 'Refund is pending first', { refund: 'pending_first' }),
  card('4000000000005126', 'refundFail', 'Refund fails later', { refund: 'fails_later' }),
  card('4000000000000259', 'createDispute', 'Disputed as fraud', { dispute: 'fraudulent' }),
  card('4000000000002685', 'createDisputeProductNotReceived', 'Disputed: not received', {
    dispute: 'product_not_received',
  }),
  card('4000000000001976', 'createDisputeInquiry', 'The bank inquires', { dispute: 'inquiry' }),
  card('4100000000000019', 'radarBlock', 'Blocked as fraud', { charge: DECLINES.fraudulent }),
]

export function cardByNumber(number: string): TestCard | undefined {
  return TEST_CARDS.find((each) => each.number === number)
}

/** The card behind a name like `pm_card_visa`. */
export function cardByName(name: string): TestCard | undefined {
  return TEST_CARDS.find((each) => each.names.includes(name))
}

/** The card behind a token like `tok_visa`. */
export function cardByToken(token: string): TestCard | undefined {
  return token.startsWith('tok_') ? cardByName(`pm_card_${token.slice('tok_'.length)}`) : undefined
}

export interface Situation {
  /** The customer isn't there to be asked. */
  readonly offSession: boolean
  /** The customer has just passed the bank's challenge. */
  readonly authenticated: boolean
  /** The bank agreed earlier to payments without the customer. */
  readonly setUp: boolean
}

export type Verdict = { readonly kind: 'approved' | 'challenge' } | { readonly kind: 'declined'; readonly why: Decline }

/** What the bank answers to a charge. */
export function judgeCharge(testCard: TestCard, situation: Situation): Verdict {
  if (asksFirst(testCard, situation)) {
    return situation.offSession ? { kind: 'declined', why: DECLINES.authenticationRequired } : { kind: 'challenge' }
  }
  return testCard.charge ? { kind: 'declined', why: testCard.charge } : { kind: 'approved' }
}

/** What the bank answers when a card is set up for later payments, with the customer there. */
export function judgeSetup(testCard: TestCard, authenticated: boolean): Verdict {
  const asks = testCard.authentication === 'always' || testCard.authentication === 'unless_set_up'
  if (asks && !authenticated) return { kind: 'challenge' }
  return testCard.attach ? { kind: 'declined', why: testCard.attach } : { kind: 'approved' }
}

function asksFirst(testCard: TestCard, situation: Situation): boolean {
  if (situation.authenticated) return false
  switch (testCard.authentication) {
    case 'never':
      return false
    case 'always':
      return true
    case 'unless_set_up':
      return !(situation.offSession && situation.setUp)
    case 'on_session':
      return !situation.offSession
  }
}
