import type { CatalogReader } from '../catalog/read-catalog.ts'
import type { PaymentDeps } from '../payments/deps.ts'

/** What subscription commands need. */
export interface SubscriptionDeps extends PaymentDeps {
  readonly catalog: CatalogReader
}
