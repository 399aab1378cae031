import { openDatabase } from '../platform/database.ts'

/**
 * Tells which Florin a database is of: an id that was made with it and never changes. It is read when it is first needed, because
 * a worker may start before its database does.
 */
export function createReadInstallation(databaseUrl: string): () => Promise<string> {
  let known: Promise<string> | undefined
  return () => {
    known ??= readInstallation(databaseUrl)
    known.catch(() => {
      known = undefined
    })
    return known
  }
}

async function readInstallation(databaseUrl: string): Promise<string> {
  const database = openDatabase(databaseUrl, { connections: 1 })
  try {
    const [row] = await database.query<{ id: string }>(`select id from installation`)
    if (!row) throw new Error('the table "installation" is empty: put one row with a new UUID into it')
    return row.id
  } finally {
    await database.close()
  }
}
