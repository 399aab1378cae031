import type { CheckoutOptions, CheckoutResult, CheckoutTarget, OpenCheckout } from '../checkout/checkout.ts'

export interface MockCheckout {
  readonly openCheckout: OpenCheckout
  /** Each call in order, as it was made. */
  readonly calls: readonly { readonly target: CheckoutTarget; readonly options: CheckoutOptions | undefined }[]
}

/** A checkout that records what was asked and ends at once with `outcome`. */
export function mockCheckout(outcome: CheckoutResult['outcome'] = 'completed'): MockCheckout {
  const calls: { target: CheckoutTarget; options: CheckoutOptions | undefined }[] = []
  return {
    calls,
    openCheckout: async (target, options) => {
      calls.push({ target, options })
      return { outcome }
    },
  }
}
