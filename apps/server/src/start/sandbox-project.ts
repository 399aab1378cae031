import { createProject, createSecretKey, findSandbox, isKnownKey } from '../modules/accounts/create-project.ts'
import { realNow } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'

/** The sandbox project and a secret key to it: those of the data directory where they still fit this database. */
export async function seedSandbox(
  database: Database,
  knownKey: string | null,
  sandboxClock: number | null,
): Promise<string> {
  const clockOffsetMs = sandboxClock === null ? 0 : sandboxClock - realNow()
  const project =
    (await findSandbox(database)) ??
    (await createProject(database, { name: 'Sandbox', mode: 'SANDBOX', clockOffsetMs }))
  if (knownKey && (await isKnownKey(database, project, knownKey))) return knownKey
  return createSecretKey(database, project, 'npm start')
}
