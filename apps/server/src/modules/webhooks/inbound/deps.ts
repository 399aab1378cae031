import type { PaymentDeps } from '../../payments/deps.ts'
import type { PaymentProvider } from '../../payments/provider.ts'

/** What hearing of the provider's events needs. */
export interface InboundDeps extends PaymentDeps {
  /** Each provider that a project may pay at. */
  readonly providers: readonly PaymentProvider[]
}
