import { realNow } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { idInPageToken, isPageToken } from '../accounts/page-token.ts'
import { type Brand, readBrand } from '../accounts/read-brand.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'

/** A portal session, with whose it is. Instants in epoch milliseconds, real time. */
export interface Portal {
  readonly project: Project
  readonly brand: Brand
  /** Null once it is over, as name and address are: a link that outlives its session tells nobody who the customer is. */
  readonly customerId: string | null
  readonly customerName: string | null
  readonly customerEmail: string | null
  readonly timezone: string
  readonly returnUrl: string
  readonly expiresAt: number
  /** Its time is over, or the customer's tokens were revoked. */
  readonly expired: boolean
}

const NOBODY = { customerId: null, customerName: null, customerEmail: null, timezone: 'UTC' }

type Row = Omit<Portal, 'project' | 'brand' | 'expired'> & { createdAt: number; tokensValidFrom: number | null }

const SESSION = `c.id as "customerId", c.name as "customerName", c.email as "customerEmail", c.timezone,
  s.return_url as "returnUrl", s.created_at as "createdAt", s.expires_at as "expiresAt",
  c.tokens_valid_from as "tokensValidFrom"`

/** The portal that a token opens, also when it is over; null if the token was not made by Florin. */
export async function readPortal(database: Pick<Database, 'query'>, token: string): Promise<Portal | null> {
  const id = idInPageToken('portal', token)
  if (!id) return null
  const [row] = await database.query<Row>(
    `select ${SESSION} from portal_session s join customer c on c.pk = s.customer_pk where s.id = $1`,
    [id],
  )
  const [owner] = await database.query<ProjectRow>(
    `select ${PROJECT_COLUMNS} from portal_session s join project p on p.id = s.project_id where s.id = $1`,
    [id],
  )
  if (!row || !owner) return null
  const project = toProject(owner)
  if (!isPageToken('portal', project, id, token)) return null
  const { createdAt, tokensValidFrom, ...session } = row
  const revoked = tokensValidFrom !== null && createdAt < tokensValidFrom
  const brand = await readBrand(database, project)
  const expired = revoked || session.expiresAt <= realNow()
  return { ...session, ...(expired ? NOBODY : {}), project, brand, expired }
}
