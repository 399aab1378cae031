import { dataOf } from './calls.ts'
import type { Peer } from './stack.ts'

export const RETURN_URL = 'http://localhost:3000/account'

export const CREATE_PORTAL = `mutation ($customerId: ID!, $returnUrl: String!) {
  createPortalSession(customerId: $customerId, returnUrl: $returnUrl) { url expiresAt } }`
export const CREATE_TOKEN = `mutation ($token: String!) { createPortalToken(token: $token) { token expiresAt } }`
export const PORTAL = `query ($token: String!) {
  portal(token: $token) { merchant brand { name color } testMode returnUrl customerId customerName customerEmail timezone expiresAt expired } }`

/** The address of a portal session. */
export async function openPortal(to: Pick<Peer, 'query'>, customerId: string, returnUrl = RETURN_URL): Promise<string> {
  type Answer = { createPortalSession: { url: string } }
  return (await dataOf(to.query<Answer>(CREATE_PORTAL, { customerId, returnUrl }))).createPortalSession.url
}

export function tokenOf(url: string): string {
  return url.split('/').at(-1) as string
}
