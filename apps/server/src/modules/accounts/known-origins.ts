import { LRUCache } from 'lru-cache'
import type { Database } from '../../platform/database.ts'
import { isLocalOrigin } from './set-allowed-origins.ts'

/** Whether a web page of an origin may read what the API answers it. */
export interface KnownOrigins {
  has(origin: string): Promise<boolean>
}

const BELIEVED_MS = 5_000

/** Asked before credentials are known (preflights carry none), so any project's allowed origin counts. */
export function createKnownOrigins(database: Database): KnownOrigins {
  const known = new LRUCache<string, Promise<boolean>>({ max: 1_000, ttl: BELIEVED_MS })
  const look = async (origin: string) => {
    const [row] = await database.query<{ known: boolean }>(
      `select exists (select 1 from project where $1 = any(allowed_origins) or (mode = 'SANDBOX' and $2)) as known`,
      [origin, isLocalOrigin(origin)],
    )
    return row?.known ?? false
  }
  return {
    has: (origin) => {
      const answer = known.get(origin) ?? look(origin)
      known.set(origin, answer)
      answer.catch(() => known.delete(origin))
      return answer
    },
  }
}
