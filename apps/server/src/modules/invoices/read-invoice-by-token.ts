import type { Database } from '../../platform/database.ts'
import { idInPageToken, isPageToken } from '../accounts/page-token.ts'
import { PROJECT_COLUMNS, type ProjectRow, toProject } from '../accounts/read-project.ts'
import type { Project } from '../accounts/viewer.ts'
import { readStoredInvoice, type StoredInvoice } from './read-stored-invoice.ts'

/** The invoice that a token opens, with its project; null if the token was not made by Florin. */
export async function readInvoiceByToken(
  database: Pick<Database, 'query'>,
  token: string,
): Promise<{ invoice: StoredInvoice; project: Project } | null> {
  const id = idInPageToken('invoice', token)
  if (!id) return null
  const [found] = await database.query<ProjectRow>(
    `select ${PROJECT_COLUMNS} from invoice i join project p on p.id = i.project_id where i.id = $1`,
    [id],
  )
  if (!found) return null
  const project = toProject(found)
  if (!isPageToken('invoice', project, id, token)) return null
  return { invoice: await readStoredInvoice(database, id), project }
}
