/**
 * Why a payment was not made, in words for the customer who pays. What else a bank or a provider writes is not for them.
 * Source: docs.stripe.com/declines/codes.
 */
export interface DeclineWords {
  /** What happened, a sentence. */
  readonly reason: string
  /** What the customer can do about it, a sentence. */
  readonly remedy: string
}

const OTHER_CARD = 'Please use another card, or ask your bank why.'
const LATER = 'Please use another card, or try again later.'

const DECLINED = { reason: 'Your bank declined the card.', remedy: OTHER_CARD }
const UNKNOWN = { reason: 'Your bank did not accept the payment.', remedy: LATER }
const NO_METHOD = { reason: 'There is no payment method on file.', remedy: 'Please pay with a card.' }
const METHOD_GONE = {
  reason: 'The payment method on file can no longer be charged.',
  remedy: 'Please pay with another one.',
}
const BUSY = {
  reason: 'Your bank could not be reached just now.',
  remedy: 'Please try again in a few minutes, or use another card.',
}
const UNFIT = { reason: 'The card can’t be used for this payment.', remedy: OTHER_CARD }
const CONFIRM = {
  reason: 'Your bank asks you to confirm that it is really you.',
  remedy: 'Please pay on the card page, where it can ask you.',
}
const UNPROVEN = {
  reason: 'Your bank could not confirm that it was you.',
  remedy: 'Please try again, or use another card.',
}
const NUMBER = { reason: 'The card number is not right.', remedy: 'Please check it and try again.' }
const EXPIRY = { reason: 'The expiry date is not right.', remedy: 'Please check it and try again.' }
const CVC = {
  reason: 'The security code is not right.',
  remedy: 'Please check the three or four digits on your card and try again.',
}
const ADDRESS = {
  reason: 'The address does not match what your bank has.',
  remedy: 'Please check it and try again.',
}
const LIMIT = {
  reason: 'The card has reached a limit that your bank sets.',
  remedy: 'Please use another card, or try again tomorrow.',
}
const ACCOUNT_LIMIT = {
  reason: 'This is more than can be taken from this bank account at once.',
  remedy: 'Please pay with a card.',
}

/** Whether a card is reported as lost, stolen or suspicious is between the bank and its holder: all of these say the same. */
const PLAIN_DECLINES = [
  'call_issuer',
  'card_declined',
  'declined',
  'do_not_honor',
  'do_not_try_again',
  'fraudulent',
  'generic_decline',
  'lost_card',
  'merchant_blacklist',
  'no_action_taken',
  'pickup_card',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'security_violation',
  'stolen_card',
  'stop_payment_order',
]

const WORDS: ReadonlyMap<string, DeclineWords> = new Map([
  ...PLAIN_DECLINES.map((code): [string, DeclineWords] => [code, DECLINED]),
  // Florin's own.
  ['no_card', NO_METHOD],
  ['no_payment_method', NO_METHOD],
  ['payment_method_missing', METHOD_GONE],
  ['customer_missing', METHOD_GONE],
  ['disputed', { reason: 'An earlier payment of yours is in dispute.', remedy: 'Please pay with another card.' }],
  ['canceled', { reason: 'The payment was canceled.', remedy: 'Please try again.' }],
  ['insufficient_funds', { reason: 'There was not enough money for the payment.', remedy: LATER }],
  ['expired_card', { reason: 'Your card has expired.', remedy: 'Please use another card.' }],
  ['incorrect_cvc', CVC],
  ['invalid_cvc', CVC],
  ['incorrect_number', NUMBER],
  ['invalid_number', NUMBER],
  ['invalid_expiry_month', EXPIRY],
  ['invalid_expiry_year', EXPIRY],
  ['incorrect_address', ADDRESS],
  ['incorrect_zip', ADDRESS],
  ['processing_error', BUSY],
  ['issuer_not_available', BUSY],
  ['reenter_transaction', BUSY],
  ['try_again_later', BUSY],
  ['authentication_required', CONFIRM],
  ['approve_with_id', CONFIRM],
  ['mobile_device_authentication_required', CONFIRM],
  ['authentication_failed', UNPROVEN],
  ['authentication_not_handled', UNPROVEN],
  ['payment_intent_authentication_failure', UNPROVEN],
  ['setup_intent_authentication_failure', UNPROVEN],
  ['card_velocity_exceeded', LIMIT],
  ['withdrawal_count_limit_exceeded', LIMIT],
  ['charge_exceeds_source_limit', ACCOUNT_LIMIT],
  ['charge_exceeds_weekly_limit', ACCOUNT_LIMIT],
  [
    'generic_could_not_process',
    {
      reason: 'Your bank could not make this payment.',
      remedy: 'Please pay in another way, or ask your bank why.',
    },
  ],
  ['card_not_supported', UNFIT],
  ['invalid_account', UNFIT],
  ['not_permitted', UNFIT],
  ['service_not_allowed', UNFIT],
  ['transaction_not_allowed', UNFIT],
  ['currency_not_supported', { reason: 'The card can’t pay in this currency.', remedy: OTHER_CARD }],
  [
    'duplicate_transaction',
    {
      reason: 'Your bank has just seen the same payment.',
      remedy: 'Please look at your account before you pay again.',
    },
  ],
  [
    'amount_too_small',
    { reason: 'The amount is too small to be paid by card.', remedy: 'Please get in touch with the seller.' },
  ],
  [
    'amount_too_large',
    { reason: 'The amount is too large to be paid by card.', remedy: 'Please get in touch with the seller.' },
  ],
  ['test_mode_live_card', { reason: 'This is a real card, and this is a test.', remedy: 'Please use a test card.' }],
  [
    'testmode_decline',
    { reason: 'This is a test card, and this is a real payment.', remedy: 'Please use a real card.' },
  ],
])

/** What the code of a failed payment means to the customer, and what they can do. */
export const declineWords = (code: string): DeclineWords => WORDS.get(code) ?? UNKNOWN
