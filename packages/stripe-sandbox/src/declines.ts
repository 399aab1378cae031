import type { ErrorDetails } from './objects.ts'

/** Why a bank, or Stripe, refuses a card: codes and words as Stripe sends them. */
export type Decline = Readonly<
  Required<Pick<ErrorDetails, 'code' | 'message'>> & Pick<ErrorDetails, 'decline_code' | 'advice_code'>
>

const RETRY = 'try_again_later'
const STOP = 'do_not_try_again'
const CONFIRM = 'confirm_card_data'

/** `code` is the broad class; `decline_code` is the bank's reason, where it has one. Source: docs.stripe.com/declines/codes. */
export const DECLINES = {
  generic: declined('generic_decline', 'Your card was declined.', RETRY),
  insufficientFunds: declined('insufficient_funds', 'Your card has insufficient funds.', RETRY),
  lostCard: declined('lost_card', 'Your card was declined.', STOP),
  stolenCard: declined('stolen_card', 'Your card was declined.', STOP),
  fraudulent: declined('fraudulent', 'Your card was declined.', STOP),
  velocityExceeded: declined(
    'card_velocity_exceeded',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
    RETRY,
  ),
  liveCard: declined(
    'test_mode_live_card',
    'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
    STOP,
  ),
  expiredCard: { code: 'expired_card', message: 'Your card has expired.', advice_code: CONFIRM },
  incorrectCvc: { code: 'incorrect_cvc', message: "Your card's security code is incorrect.", advice_code: CONFIRM },
  processingError: {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
    advice_code: RETRY,
  },
  authenticationRequired: {
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
  debitFailed: { code: 'generic_could_not_process', message: 'The payment could not be processed.' },
  debitNoFunds: { code: 'insufficient_funds', message: "The customer's account has insufficient funds." },
  debitOverLimit: {
    code: 'charge_exceeds_source_limit',
    message: 'This payment exceeds the weekly volume that the bank account may be debited with.',
  },
  debitOverWeek: {
    code: 'charge_exceeds_weekly_limit',
    message: 'This payment exceeds the weekly number of debits of the bank account.',
  },
  incorrectNumber: { code: 'incorrect_number', message: 'Your card number is incorrect.' },
  invalidExpiryMonth: { code: 'invalid_expiry_month', message: "Your card's expiration month is invalid." },
  invalidExpiryYear: { code: 'invalid_expiry_year', message: "Your card's expiration year is invalid." },
  invalidCvc: { code: 'invalid_cvc', message: "Your card's security code is invalid." },
} as const satisfies Record<string, Decline>

function declined(declineCode: string, message: string, adviceCode: string): Decline {
  return { code: 'card_declined', decline_code: declineCode, message, advice_code: adviceCode }
}
