import { invalidRequest, missingParam } from './api-error.ts'
import { metadata } from './metadata.ts'
import { allowedTypes } from './method-types.ts'
import { currencyCode } from './money.ts'
import { anything, clearable, integer, list, object, oneOf, type Params, text } from './params.ts'
import { shipping } from './shipping.ts'
import { webUrl } from './web-url.ts'

const priceData = object(
  {
    currency: currencyCode,
    product: text(),
    product_data: object({ name: text(250), description: text(), images: list(text(), 8), metadata }, ['name']),
    tax_behavior: anything,
    unit_amount: integer({ min: 0, max: 99_999_999 }),
  },
  ['currency', 'unit_amount'],
)

const lineItem = object({
  metadata,
  price: text(),
  price_data: priceData,
  quantity: integer({ min: 1, max: 999_999 }),
})

export const sessionFields = {
  allowed_payment_method_types: allowedTypes,
  cancel_url: webUrl,
  client_reference_id: text(200),
  currency: currencyCode,
  customer: text(),
  customer_creation: oneOf('always', 'if_required'),
  customer_email: text(800),
  expires_at: integer(),
  line_items: list(lineItem),
  locale: text(10),
  metadata,
  mode: oneOf('payment', 'setup'),
  payment_intent_data: object({
    description: clearable(text(1000)),
    metadata,
    receipt_email: text(800),
    setup_future_usage: oneOf('on_session', 'off_session'),
    shipping,
    statement_descriptor_suffix: text(22),
  }),
  setup_intent_data: object({ description: clearable(text(1000)), metadata }),
  submit_type: oneOf('auto', 'pay', 'book', 'donate'),
  success_url: webUrl,
  ui_mode: oneOf('hosted_page'),
}

export type SessionParams = Params<typeof sessionFields, 'mode' | 'success_url'>

/** A session may be paid for 30 minutes to 24 hours. Source: docs.stripe.com/api/checkout/sessions/create. */
const MIN_LIFE_SECONDS = 30 * 60
const MAX_LIFE_SECONDS = 24 * 60 * 60

/** What one parameter alone can't tell: which of them go together. */
export function checkSession(params: SessionParams, now: number): void {
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.', {
      param: 'customer',
    })
  }
  const life = (params.expires_at ?? now + MAX_LIFE_SECONDS) - now
  if (life < MIN_LIFE_SECONDS || life > MAX_LIFE_SECONDS) {
    const message =
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.'
    throw invalidRequest(message, { param: 'expires_at' })
  }
  if (params.mode === 'setup') checkSetup(params)
  else checkPayment(params)
}

function checkSetup(params: SessionParams): void {
  for (const param of ['line_items', 'payment_intent_data', 'submit_type'] as const) {
    if (params[param] === undefined) continue
    throw invalidRequest(`\`${param}\` can not be used in \`setup\` mode.`, { param })
  }
  if (!params.currency && !params.allowed_payment_method_types) throw missingParam('currency')
}

function checkPayment(params: SessionParams): void {
  if (params.setup_intent_data) {
    throw invalidRequest('You can not pass `setup_intent_data` in `payment` mode.', { param: 'setup_intent_data' })
  }
  if (!params.line_items?.length) throw missingParam('line_items')
}
