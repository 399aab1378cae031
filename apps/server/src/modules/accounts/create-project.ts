import { createHash } from 'node:crypto'
import type { Database } from '../../platform/database.ts'
import { newId, newSecret } from '../../platform/ids.ts'
import { readProject } from './read-project.ts'
import type { Project } from './viewer.ts'

/** Creates a project. A sandbox clock may start at another instant than real time. */
export async function createProject(
  database: Database,
  input: { name: string; mode: 'SANDBOX' | 'LIVE'; clockOffsetMs?: number },
): Promise<Project> {
  const id = newId()
  await database.query(
    `insert into project (id, name, mode, clock_offset_ms, token_secret, allowed_origins)
     values ($1, $2, $3::project_mode, $4, $5, $6)`,
    [id, input.name, input.mode, input.clockOffsetMs ?? 0, newSecret(), []],
  )
  return (await readProject(database, id)) as Project
}

/** The oldest sandbox project of this database, if it has one. */
export async function findSandbox(database: Database): Promise<Project | null> {
  const [row] = await database.query<{ id: string }>(
    `select id from project where mode = 'SANDBOX' order by created_at, id limit 1`,
  )
  return row ? readProject(database, row.id) : null
}

/** Makes a secret key. It is returned once; only its hash is stored. */
export async function createSecretKey(database: Database, project: Project, name: string): Promise<string> {
  const secretKey = `sk_${project.mode === 'LIVE' ? 'live' : 'test'}_${newSecret()}`
  await database.query(`insert into api_key (id, project_id, name, hash, hint) values ($1, $2, $3, $4, $5)`, [
    newId(),
    project.id,
    name,
    hashOfKey(secretKey),
    secretKey.slice(-4),
  ])
  return secretKey
}

export function hashOfKey(secretKey: string): string {
  return createHash('sha256').update(secretKey).digest('hex')
}

/** Whether the key opens this project. */
export async function isKnownKey(database: Database, project: Project, secretKey: string): Promise<boolean> {
  const rows = await database.query(
    `select 1 from api_key where project_id = $1 and hash = $2 and revoked_at is null`,
    [project.id, hashOfKey(secretKey)],
  )
  return rows.length > 0
}
