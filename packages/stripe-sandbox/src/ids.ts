import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random letters and digits, as Stripe's ids use them. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}

/** Prefix and length of each id, as seen in Stripe's test mode. */
const FORMS = {
  customer: ['cus_', 14],
  paymentMethod: ['pm_1', 23],
  mandate: ['mandate_1', 23],
  product: ['prod_', 14],
  price: ['price_1', 23],
  paymentIntent: ['pi_3', 23],
  setupIntent: ['seti_1', 23],
  charge: ['ch_3', 23],
  refund: ['re_3', 23],
  dispute: ['du_1', 23],
  checkoutSession: ['cs_test_a1', 56],
  lineItem: ['li_1', 23],
  event: ['evt_1', 23],
  request: ['req_', 14],
} as const

export function newId(kind: keyof typeof FORMS): string {
  const [prefix, length] = FORMS[kind]
  return prefix + randomText(length)
}
