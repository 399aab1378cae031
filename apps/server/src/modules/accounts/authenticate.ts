import { LRUCache } from 'lru-cache'
import { realNow } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { hashOfKey } from './create-project.ts'
import { isCustomerToken, projectOfToken, verifyCustomerToken } from './customer-token.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from './read-project.ts'
import type { Viewer } from './viewer.ts'

/** Says who a credential is, or throws UNAUTHENTICATED. */
export type Authenticate = (authorization: string | null | undefined) => Promise<Viewer>

// How long a revoked key or token may still pass, at most.
const BELIEVED_MS = 2_000
const CACHED = 10_000

const MISSING = 'send "Authorization: Bearer sk_…" (a backend) or "Bearer ct_…" (a customer\'s browser)'

/** Verified credentials are remembered for two seconds, so that a busy backend costs no look-up per request. */
export function createAuthenticate(database: Database): Authenticate {
  const known = new LRUCache<string, Promise<Viewer>>({ max: CACHED, ttl: BELIEVED_MS })
  return async (authorization) => {
    const credential = /^Bearer (\S{1,4096})$/i.exec(authorization ?? '')?.[1]
    if (!credential) throw new Fault('UNAUTHENTICATED', MISSING)
    let viewer = known.get(credential)
    if (!viewer) {
      viewer = isCustomerToken(credential) ? customerOf(database, credential) : backendOf(database, credential)
      known.set(credential, viewer)
      viewer.catch(() => known.delete(credential))
    }
    const found = await viewer
    if (found.role === 'customer' && found.expiresAt <= realNow()) throw expired()
    return found
  }
}

async function backendOf(database: Database, secretKey: string): Promise<Viewer> {
  const [row] = await database.query<ProjectRow>(
    `select ${PROJECT_COLUMNS} from api_key k join project p on p.id = k.project_id
     where k.hash = $1 and k.revoked_at is null`,
    [hashOfKey(secretKey)],
  )
  if (!row) throw new Fault('UNAUTHENTICATED', 'this secret key is unknown or revoked')
  return { role: 'secret', project: toProject(row) }
}

async function customerOf(database: Database, token: string): Promise<Viewer> {
  const projectId = projectOfToken(token)
  const [row] = projectId
    ? await database.query<ProjectRow>(`select ${PROJECT_COLUMNS} from project p where p.id = $1`, [projectId])
    : []
  const claims = row ? await verifyCustomerToken(toProject(row), token) : null
  if (claims === 'expired') throw expired()
  if (!row || !claims) throw new Fault('UNAUTHENTICATED', 'this customer token is not valid')
  const [customer] = await database.query<{ valid_from: number | null }>(
    `select tokens_valid_from as valid_from from customer where project_id = $1 and id = $2`,
    [row.id, claims.customerId],
  )
  if (!customer || (customer.valid_from !== null && claims.issuedAt < customer.valid_from)) {
    throw new Fault('UNAUTHENTICATED', 'this customer token was revoked: fetch a new one')
  }
  const { customerId, expiresAt, ofPortal } = claims
  return { role: 'customer', project: toProject(row), customerId, expiresAt, ofPortal }
}

function expired(): Fault {
  return new Fault('UNAUTHENTICATED', 'this customer token has expired: fetch a new one')
}
