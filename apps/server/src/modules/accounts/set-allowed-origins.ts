import type { Database } from '../../platform/database.ts'
import { invalidInput } from '../../platform/errors.ts'
import { idInPageToken, isPageToken } from './page-token.ts'
import { readProject } from './read-project.ts'
import type { Project } from './viewer.ts'

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Replaces the project's list of allowed origins. Throws INVALID_INPUT. */
export async function setAllowedOrigins(
  { database }: { database: Database },
  project: Project,
  origins: readonly string[],
): Promise<string[]> {
  const checked = [...new Set(origins.map(checkOrigin))]
  await database.query(`update project set allowed_origins = $2 where id = $1`, [project.id, checked])
  return checked
}

// It also stands in a policy of framing, where a star is many origins and a semicolon begins another rule.
const HOST = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/

function checkOrigin(text: string, index: number): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const plain = url?.pathname === '/' && !url.search && !url.hash && !url.username
  const web = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url && plain && web && HOST.test(url.hostname)) return url.origin
  throw invalidInput(`origins.${index}`, `"${text}" is not a web origin such as "https://app.example.com"`)
}

/** Whether a page of this origin belongs to the project. Localhost does in a sandbox. */
export function isAllowedOrigin(project: Pick<Project, 'mode' | 'allowedOrigins'>, origin: string): boolean {
  return project.allowedOrigins.includes(origin) || (project.mode === 'SANDBOX' && isLocalOrigin(origin))
}

/**
 * Checks an address that a browser will be sent to. Throws INVALID_INPUT: an open redirect serves only phishing. Florin's
 * own pages may lead to each other, within a project. The project is as old as its credential's cache entry, so the list is read again before
 * it refuses.
 */
export async function checkRedirect(
  { database, publicUrl }: { database: Database; publicUrl: string },
  project: Project,
  text: string,
  field: string,
): Promise<string> {
  const url = URL.canParse(text) ? new URL(text) : null
  const web = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url && web && !url.username && !url.password) {
    if (isAllowedOrigin(project, url.origin) || isOwnPage(publicUrl, project, url)) return url.href
    const current = await readProject(database, project.id)
    if (current && isAllowedOrigin(current, url.origin)) return url.href
  }
  if (!url || !web) {
    throw invalidInput(field, `${field} is a whole web address such as "https://app.example.com/billing"`)
  }
  throw invalidInput(field, `${field} must lead to an allowed origin of this project: add it with setAllowedOrigins`)
}

const PAGES = { portal: 'portal', checkout: 'checkout', invoices: 'invoice' } as const

/** Whether Florin shows this project's customers something there. What it shows for others may lead on to anywhere. */
function isOwnPage(publicUrl: string, project: Project, { origin, pathname }: URL): boolean {
  if (origin !== new URL(publicUrl).origin) return false
  const [, page, token = ''] = /^\/(portal|checkout|invoices)\/([\w-]+)(?:\/[\w-]+)?$/.exec(pathname) ?? []
  if (!page) return false
  if (page === 'checkout' && token === 'done') return true
  const kind = PAGES[page as keyof typeof PAGES]
  const id = idInPageToken(kind, token)
  return id !== null && isPageToken(kind, project, id, token)
}

export function isLocalOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOCAL_HOSTS.has(new URL(origin).hostname)
}
