import type { Answer } from '@florin/sdk/react'

export type PaymentMethod = {
  id: string
  type: 'CARD' | 'SEPA_DEBIT'
  brand: string
  last4: string
  expMonth: number
  expYear: number
  isDefault: boolean
}

export function usePaymentMethods(): Answer<readonly PaymentMethod[]> {
  throw new Error('not yet')
}

export function usePaymentMethodsApi(): {
  setDefaultPaymentMethod: (id: string) => Promise<unknown>
  removePaymentMethod: (id: string) => Promise<unknown>
} {
  throw new Error('not yet')
}
