import type { PaymentFailed } from './checkout-api.ts'

/** The provider's decline codes (see its "decline codes" page) as something that helps the person who holds the card. */
const ADVICE: Record<string, string> = {
  insufficient_funds: 'The card has insufficient funds. Try another card.',
  expired_card: 'The card has expired. Try another card.',
  incorrect_cvc: 'The security code did not match. Check it and try again.',
  incorrect_number: 'The card number is not right. Check it and try again.',
  processing_error: 'The bank could not process the card just now. Try again in a moment.',
  authentication_required: 'Your bank wants you to confirm this payment. Pay with a card to confirm it.',
  authentication_failed: 'Your bank could not confirm that it was you. Try again, or use another card.',
  payment_intent_authentication_failure: 'Your bank could not confirm that it was you. Try again, or use another card.',
  lost_card: 'The bank declined this card. Try another card, or ask your bank.',
  stolen_card: 'The bank declined this card. Try another card, or ask your bank.',
  card_declined: 'The bank declined this card. Try another card, or ask your bank.',
  generic_decline: 'The bank declined this card. Try another card, or ask your bank.',
}

/** One plain sentence or two; a code that we don't know is told in the server's own words. */
export function failureAdvice(failure: PaymentFailed): string {
  return ADVICE[failure.code] ?? failure.message
}
