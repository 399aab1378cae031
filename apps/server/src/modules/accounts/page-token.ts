import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Project } from './viewer.ts'

// The token in a hosted page's address is the credential that opens it: the id of what it shows, and a signature that only
// the project's secret can make. The kind is signed with the id, so that a token of one kind opens nothing of another.

const PREFIXES = { checkout: 'cs', invoice: 'inv', topUp: 'tu', emails: 'em', portal: 'ps', method: 'am' } as const

export type PageKind = keyof typeof PREFIXES

export function pageToken(kind: PageKind, { tokenSecret }: Pick<Project, 'tokenSecret'>, id: string): string {
  return `${PREFIXES[kind]}_${id.replaceAll('-', '')}_${signature(kind, tokenSecret, id)}`
}

/** The id that a token names, not to be believed before `isPageToken`; null if it has not the form of such a token. */
export function idInPageToken(kind: PageKind, token: string): string | null {
  const hex = new RegExp(`^${PREFIXES[kind]}_([0-9a-f]{32})_[\\w-]{43}$`).exec(token)?.[1]
  return hex ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null
}

/** Whether this project's secret made the token for this id. Takes as long for any token of the form. */
export function isPageToken(kind: PageKind, { tokenSecret }: Project, id: string, token: string): boolean {
  return timingSafeEqual(Buffer.from(token.slice(-43)), Buffer.from(signature(kind, tokenSecret, id)))
}

function signature(kind: PageKind, secret: string, id: string): string {
  return createHmac('sha256', secret).update(`${kind} ${id}`).digest('base64url')
}
