import { clockOf } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Project } from './viewer.ts'

export interface ProjectRow {
  id: string
  name: string
  mode: 'SANDBOX' | 'LIVE'
  clock_offset_ms: number
  token_secret: string
  allowed_origins: string[]
}

export const PROJECT_COLUMNS = `p.id, p.name, p.mode::text, p.clock_offset_ms, p.token_secret, p.allowed_origins`

export function toProject(row: ProjectRow): Project {
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    clock: clockOf(row.id, row.clock_offset_ms),
    tokenSecret: row.token_secret,
    allowedOrigins: row.allowed_origins,
  }
}

export async function readProject(database: Database, id: string): Promise<Project | null> {
  const [row] = await database.query<ProjectRow>(`select ${PROJECT_COLUMNS} from project p where p.id = $1`, [id])
  return row ? toProject(row) : null
}
