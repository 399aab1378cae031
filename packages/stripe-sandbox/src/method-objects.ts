import type { Metadata } from './metadata.ts'

export interface BillingDetails {
  readonly address: unknown
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
}

export interface CardDetails {
  readonly brand: string
  readonly checks: { readonly cvc_check: string }
  readonly country: string
  readonly display_brand: string
  readonly exp_month: number
  readonly exp_year: number
  readonly fingerprint: string
  readonly funding: 'credit'
  /** Missing in state files of earlier versions, as are networks and the regulated status. */
  readonly generated_from?: null
  readonly last4: string
  readonly networks?: { readonly available: readonly string[]; readonly preferred: null }
  readonly regulated_status?: 'unregulated'
  readonly three_d_secure_usage: { readonly supported: boolean }
  readonly wallet: null
}

/** What is known of a bank account: never its whole number. */
export interface SepaDetails {
  readonly bank_code: string
  readonly branch_code: string
  readonly country: string
  readonly fingerprint: string
  readonly last4: string
}

interface MethodBase {
  readonly id: string
  readonly object: 'payment_method'
  readonly allow_redisplay: string
  readonly billing_details: BillingDetails
  readonly created: number
  readonly customer: string | null
  readonly livemode: false
  readonly metadata: Metadata
}

export interface CardMethod extends MethodBase {
  readonly type: 'card'
  readonly card: CardDetails
}

export interface SepaMethod extends MethodBase {
  readonly type: 'sepa_debit'
  readonly sepa_debit: SepaDetails & {
    readonly generated_from: { readonly charge: null; readonly setup_attempt: null }
  }
}

export type PaymentMethod = CardMethod | SepaMethod

export type MethodType = PaymentMethod['type']

/** The customer's permission to debit an account. */
export interface Mandate {
  readonly id: string
  readonly object: 'mandate'
  readonly customer_acceptance: { readonly accepted_at: number; readonly type: 'online' | 'offline' }
  readonly livemode: false
  readonly payment_method: string
  readonly payment_method_details: {
    readonly type: 'sepa_debit'
    readonly sepa_debit: { readonly reference: string; readonly url: string }
  }
  readonly status: 'active'
  readonly type: 'multi_use'
}

/** How a charge shows its payment method. */
export type ChargedDetails =
  | { readonly type: 'card'; readonly card: CardDetails }
  | { readonly type: 'sepa_debit'; readonly sepa_debit: SepaDetails & { readonly mandate: string } }
