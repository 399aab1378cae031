/**
 * Fields of Stripe's objects that the sandbox has no use for. They are sent all the same, empty as Stripe sends them, so
 * that whoever reads them finds what the SDK's types promise.
 */
export const UNUSED = {
  payment_intent: {
    application: null,
    application_fee_amount: null,
    customer_account: null,
    excluded_payment_method_types: null,
    managed_payments: null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_record: null,
    review: null,
    source: null,
    transfer_group: null,
  },
  setup_intent: {
    application: null,
    excluded_payment_method_types: null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    single_use_mandate: null,
  },
  charge: {
    application: null,
    application_fee: null,
    application_fee_amount: null,
    calculated_statement_descriptor: null,
    failure_balance_transaction: null,
    fraud_details: {},
    on_behalf_of: null,
    receipt_number: null,
    receipt_url: null,
    review: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    transfer_data: null,
    transfer_group: null,
  },
  refund: {
    customer: null,
    customer_account: null,
    payment_method: null,
    source_transfer_reversal: null,
    transfer_reversal: null,
  },
  dispute: { balance_transactions: [], enhanced_eligibility_types: [], intended_submission_method: null },
  'checkout.session': {
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    billing_address_collection: null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer_account: null,
    discounts: [],
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    managed_payments: null,
    origin_context: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    subscription: null,
    wallet_options: null,
  },
  item: { adjustable_quantity: null },
  payment_method: { customer_account: null },
  price: { custom_unit_amount: null, tiers_mode: null, transform_quantity: null },
  product: {
    marketing_features: [],
    package_dimensions: null,
    shippable: null,
    tax_details: null,
    url: null,
  },
} as const

/** An answer, or an event, as it is sent. */
export function toWire(answer: object): string {
  return JSON.stringify(answer, (_key, value: unknown) => complete(value), 2)
}

function complete(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('object' in value)) return value
  const kind = String(value.object)
  return Object.hasOwn(UNUSED, kind) ? { ...UNUSED[kind as keyof typeof UNUSED], ...value } : value
}
