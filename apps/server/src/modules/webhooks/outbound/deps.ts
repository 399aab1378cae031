import type { Database } from '../../../platform/database.ts'
import type { Log } from '../../../platform/log.ts'
import type { ResolveHost } from '../../../platform/outbound-post.ts'
import type { SecretBox } from '../../../platform/secret-box.ts'

/** What telling a project's endpoints needs. */
export interface WebhookDeps {
  readonly database: Database
  readonly log: Log
  /** Where Florin itself is reached: on its own machine, sandboxes may be told there too. */
  readonly publicUrl: string
  readonly secretBox: SecretBox
  readonly resolveHost: ResolveHost
}
