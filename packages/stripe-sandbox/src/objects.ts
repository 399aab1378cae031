import type { Price } from './catalog-objects.ts'
import type { Metadata } from './metadata.ts'
import type { BillingDetails, ChargedDetails, PaymentMethod } from './method-objects.ts'

/**
 * Stripe's objects as they travel over the wire, cut down to the fields that Florin and the official SDK's users read.
 * Amounts are integers in the currency's minor unit, instants are Unix seconds, `null` is what Stripe sends as null.
 * Objects are never changed in place: a change puts a new object into the store, so an event may keep the old one.
 */

export interface Customer {
  readonly id: string
  readonly object: 'customer'
  readonly address: unknown
  readonly balance: number
  readonly created: number
  readonly currency: string | null
  readonly default_source: null
  readonly delinquent: boolean
  readonly description: string | null
  readonly email: string | null
  readonly invoice_settings: { readonly default_payment_method: string | null }
  readonly livemode: false
  readonly metadata: Metadata
  readonly name: string | null
  readonly phone: string | null
  readonly shipping: null
}

/** The `error` of an answer, and what an intent keeps as its last error. */
export interface ErrorDetails {
  readonly type: 'card_error' | 'invalid_request_error' | 'idempotency_error' | 'api_error'
  readonly message: string
  readonly code?: string
  readonly decline_code?: string
  readonly advice_code?: string
  readonly param?: string
  readonly doc_url?: string
  readonly charge?: string
  readonly payment_intent?: PaymentIntent
  readonly setup_intent?: SetupIntent
  readonly payment_method?: PaymentMethod
}

export type NextAction =
  | {
      readonly type: 'redirect_to_url'
      readonly redirect_to_url: { readonly url: string; readonly return_url: string | null }
    }
  | { readonly type: 'use_stripe_sdk'; readonly use_stripe_sdk: { readonly type: string; readonly stripe_js: string } }

export type FutureUsage = 'on_session' | 'off_session'

export interface PaymentIntent {
  readonly id: string
  readonly object: 'payment_intent'
  readonly allowed_payment_method_types: readonly string[] | null
  readonly amount: number
  readonly amount_capturable: number
  readonly amount_received: number
  readonly automatic_payment_methods: { readonly enabled: boolean; readonly allow_redirects: string } | null
  readonly canceled_at: number | null
  readonly cancellation_reason: string | null
  readonly capture_method: 'automatic_async'
  readonly client_secret: string
  readonly confirmation_method: 'automatic'
  readonly created: number
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly last_payment_error: ErrorDetails | null
  readonly latest_charge: string | null
  readonly livemode: false
  readonly metadata: Metadata
  readonly next_action: NextAction | null
  readonly payment_method: string | null
  readonly payment_method_types: readonly string[]
  readonly processing: null
  readonly receipt_email: string | null
  readonly setup_future_usage: FutureUsage | null
  readonly shipping: unknown
  readonly statement_descriptor: string | null
  readonly statement_descriptor_suffix: string | null
  readonly status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'processing'
    | 'succeeded'
    | 'canceled'
}

export interface SetupIntent {
  readonly id: string
  readonly object: 'setup_intent'
  readonly allowed_payment_method_types: readonly string[] | null
  /** Missing in state files of earlier versions. */
  readonly automatic_payment_methods?: { readonly enabled: boolean; readonly allow_redirects: string } | null
  readonly cancellation_reason: string | null
  readonly client_secret: string
  readonly created: number
  readonly customer: string | null
  readonly description: string | null
  readonly last_setup_error: ErrorDetails | null
  readonly latest_attempt: null
  readonly livemode: false
  readonly mandate: string | null
  readonly metadata: Metadata
  readonly next_action: NextAction | null
  readonly payment_method: string | null
  readonly payment_method_types: readonly string[]
  readonly status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'succeeded' | 'canceled'
  readonly usage: FutureUsage
}

export interface Charge {
  readonly id: string
  readonly object: 'charge'
  readonly amount: number
  readonly amount_captured: number
  readonly amount_refunded: number
  readonly balance_transaction: null
  readonly billing_details: BillingDetails
  readonly captured: boolean
  readonly created: number
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly disputed: boolean
  readonly failure_code: string | null
  readonly failure_message: string | null
  readonly livemode: false
  readonly metadata: Metadata
  readonly outcome: {
    readonly network_status: string
    readonly reason: string | null
    readonly seller_message: string
    readonly type: 'authorized' | 'issuer_declined' | 'blocked'
  }
  readonly paid: boolean
  readonly payment_intent: string
  readonly payment_method: string
  readonly payment_method_details: ChargedDetails
  readonly receipt_email: string | null
  readonly refunded: boolean
  readonly shipping: unknown
  readonly statement_descriptor_suffix: string | null
  readonly status: 'succeeded' | 'pending' | 'failed'
}

export interface Refund {
  readonly id: string
  readonly object: 'refund'
  readonly amount: number
  readonly balance_transaction: null
  readonly charge: string
  readonly created: number
  readonly currency: string
  /** Missing in state files of earlier versions, as is the payment method. */
  readonly customer?: string | null
  readonly failure_reason?: string
  readonly metadata: Metadata
  readonly payment_intent: string
  readonly payment_method?: string
  readonly reason: string | null
  readonly receipt_number: null
  readonly status: 'pending' | 'succeeded' | 'failed'
}

export interface Dispute {
  readonly id: string
  readonly object: 'dispute'
  readonly amount: number
  readonly charge: string
  readonly created: number
  readonly currency: string
  readonly evidence: { readonly uncategorized_text: string | null }
  readonly evidence_details: {
    readonly due_by: number
    readonly has_evidence: boolean
    readonly past_due: false
    readonly submission_count: number
  }
  readonly is_charge_refundable: boolean
  readonly livemode: false
  readonly metadata: Metadata
  readonly payment_intent: string
  readonly reason: 'fraudulent' | 'product_not_received'
  readonly status:
    | 'needs_response'
    | 'warning_needs_response'
    | 'under_review'
    | 'warning_under_review'
    | 'won'
    | 'lost'
    | 'warning_closed'
}

export interface LineItem {
  readonly id: string
  readonly object: 'item'
  readonly amount_discount: number
  readonly amount_subtotal: number
  readonly amount_tax: number
  readonly amount_total: number
  readonly currency: string
  readonly description: string
  readonly metadata: Metadata
  /** Missing in state files of earlier versions. */
  readonly price?: Price
  readonly quantity: number
}

export interface CheckoutSession {
  readonly id: string
  readonly object: 'checkout.session'
  readonly allowed_payment_method_types: readonly string[] | null
  readonly amount_subtotal: number | null
  readonly amount_total: number | null
  readonly automatic_tax: { readonly enabled: false; readonly status: null }
  readonly cancel_url: string | null
  readonly client_reference_id: string | null
  readonly created: number
  readonly currency: string | null
  readonly customer: string | null
  readonly customer_creation: 'always' | 'if_required' | null
  readonly customer_details: { readonly email: string | null; readonly name: string | null } | null
  readonly customer_email: string | null
  readonly expires_at: number
  readonly livemode: false
  readonly locale: string | null
  readonly metadata: Metadata
  readonly mode: 'payment' | 'setup'
  readonly payment_intent: string | null
  readonly payment_method_types: readonly string[]
  readonly payment_status: 'paid' | 'unpaid' | 'no_payment_required'
  readonly setup_intent: string | null
  readonly status: 'open' | 'complete' | 'expired'
  readonly submit_type: string | null
  readonly success_url: string
  readonly total_details: {
    readonly amount_discount: number
    readonly amount_shipping: number
    readonly amount_tax: number
  } | null
  readonly ui_mode: 'hosted_page'
  readonly url: string | null
}

export interface StripeEvent {
  readonly id: string
  readonly object: 'event'
  readonly api_version: string
  readonly created: number
  readonly data: { readonly object: unknown; readonly previous_attributes?: Readonly<Record<string, unknown>> }
  readonly livemode: false
  readonly pending_webhooks: number
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null }
  readonly type: string
}

export interface List<T> {
  readonly object: 'list'
  readonly data: readonly T[]
  readonly has_more: boolean
  readonly url: string
}
