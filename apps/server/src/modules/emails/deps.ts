import type { Database } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import type { Mailer } from '../../platform/mailer.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'

/** What composing and sending mails needs. */
export interface EmailDeps {
  readonly database: Database
  readonly log: Log
  readonly publicUrl: string
  readonly catalog: CatalogReader
  /** Null: there is no mail server. */
  readonly mailer: Mailer | null
}
