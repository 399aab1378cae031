import type { PaymentFailed } from './checkout-api.ts'

const OTHER_CARD = 'Please use another card, or ask your bank why.'
const DECLINED = `Your bank declined this card. ${OTHER_CARD}`
const LATER = 'Your bank could not be reached just now. Please try again in a few minutes, or use another card.'
const UNFIT = `This card can’t be used for this payment. ${OTHER_CARD}`
const UNPROVEN = 'Your bank could not confirm that it was you. Please try again, or use another card.'
const CONFIRM = 'Your bank wants you to confirm this payment. Please pay on the card page, where it can ask you.'
const NUMBER = 'The card number is not right. Please check it and try again.'
const EXPIRY = 'The expiry date is not right. Please check it and try again.'
const CVC = 'The security code is not right. Please check the three or four digits on your card and try again.'
const ADDRESS = 'The address does not match what your bank has. Please check it and try again.'
const LIMIT = 'This card has reached a limit that your bank sets. Please use another card, or try again tomorrow.'
const ACCOUNT_LIMIT = 'This is more than can be taken from this bank account at once. Please pay with a card.'

/**
 * What happened and what to do, by the provider's code (docs.stripe.com/declines/codes). Nobody is told that a card was
 * reported as lost, stolen or suspicious: it may not be the owner who reads it.
 */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['insufficient_funds', 'There is not enough money for this payment. Please use another card, or try again later.'],
  ['expired_card', 'This card has expired. Please use another card.'],
  ['incorrect_cvc', CVC],
  ['invalid_cvc', CVC],
  ['incorrect_number', NUMBER],
  ['invalid_number', NUMBER],
  ['invalid_expiry_month', EXPIRY],
  ['invalid_expiry_year', EXPIRY],
  ['incorrect_address', ADDRESS],
  ['incorrect_zip', ADDRESS],
  ['processing_error', LATER],
  ['issuer_not_available', LATER],
  ['reenter_transaction', LATER],
  ['try_again_later', LATER],
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
    'Your bank could not make this payment. Please pay in another way, or ask your bank why.',
  ],
  ['card_not_supported', UNFIT],
  ['currency_not_supported', `This card can’t pay in this currency. ${OTHER_CARD}`],
  ['invalid_account', UNFIT],
  ['not_permitted', UNFIT],
  ['service_not_allowed', UNFIT],
  ['transaction_not_allowed', UNFIT],
  [
    'duplicate_transaction',
    'Your bank has just seen the same payment. Please look at your account before you pay again.',
  ],
  ['amount_too_small', 'The amount is too small to be paid by card. Please get in touch with the seller.'],
  ['amount_too_large', 'The amount is too large to be paid by card. Please get in touch with the seller.'],
  ['test_mode_live_card', 'This is a real card, and this is a test. Please use a test card.'],
  ['testmode_decline', 'This is a test card, and this is a real payment. Please use a real card.'],
  ...[
    'call_issuer',
    'card_declined',
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
  ].map((code): [string, string] => [code, DECLINED]),
])

/** One or two plain sentences; a code that we don't know is told in the server's own words. */
export function failureAdvice({ code, message }: PaymentFailed): string {
  return ADVICE.get(code) ?? `${message.trim().replace(/[.!]?$/, '.')} Please use another card, or try again later.`
}

/** A payment that was made and given back, because what it was for could no longer be had. */
export function wasReturned({ code }: PaymentFailed): boolean {
  return code === 'superseded'
}
