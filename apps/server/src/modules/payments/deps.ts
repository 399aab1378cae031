import type { Database } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import type { Pubsub } from '../../platform/pubsub.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentProvider } from './provider.ts'
import type { Fulfil, Waiting } from './purpose.ts'

/** What collecting money needs. `fulfil` is handed in at composition: what is sold lives above payments. */
export interface PaymentDeps {
  readonly database: Database
  readonly pubsub: Pubsub
  readonly log: Log
  readonly fulfil: Fulfil
  readonly waiting: Waiting
  readonly publicUrl: string
  /** Throws PAYMENT_PROVIDER_UNAVAILABLE where none is configured for the project. */
  providerFor(project: Project): PaymentProvider
}
