import type { Metadata } from './metadata.ts'

export interface Product {
  readonly id: string
  readonly object: 'product'
  readonly active: boolean
  readonly created: number
  readonly default_price: null
  readonly description: string | null
  readonly images: readonly string[]
  readonly livemode: false
  readonly metadata: Metadata
  readonly name: string
  readonly type: 'service'
  readonly updated: number
}

export interface Price {
  readonly id: string
  readonly object: 'price'
  readonly active: boolean
  readonly billing_scheme: 'per_unit'
  readonly created: number
  readonly currency: string
  readonly livemode: false
  readonly lookup_key: string | null
  readonly metadata: Metadata
  readonly nickname: string | null
  readonly product: string
  readonly recurring: { readonly interval: string; readonly interval_count: number } | null
  readonly tax_behavior: string
  readonly type: 'one_time' | 'recurring'
  readonly unit_amount: number
  readonly unit_amount_decimal: string
}
