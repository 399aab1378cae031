import { BRAND_SELECTION, type Brand } from '../brand/brand.ts'
import { graphqlRequest } from '../graphql-request.ts'

/** What the schema calls `Portal`: whose page this is, and where it leads back to. */
export type Portal = {
  merchant: string
  brand: Brand
  testMode: boolean
  returnUrl: string
  /** Null once it is over. */
  customerId: string | null
  customerName: string | null
  customerEmail: string | null
  /** Days are days there. */
  timezone: string
  expiresAt: string
  expired: boolean
}

const PORTAL = `
  query Portal($token: String!) {
    portal(token: $token) {
      ${BRAND_SELECTION}
      merchant testMode returnUrl customerId customerName customerEmail timezone expiresAt expired
    }
  }`

const CREATE_PORTAL_TOKEN = `mutation CreatePortalToken($token: String!) { createPortalToken(token: $token) { token } }`

/** Null for a token that the server doesn't know. Throws RequestFailed. */
export async function readPortal(token: string): Promise<Portal | null> {
  return (await graphqlRequest<{ portal: Portal | null }>(PORTAL, { token })).portal
}

/** What the page acts with: a customer token of a few minutes. Throws RequestFailed when the session has ended. */
export async function createPortalToken(token: string): Promise<string> {
  const answer = await graphqlRequest<{ createPortalToken: { token: string } }>(CREATE_PORTAL_TOKEN, { token })
  return answer.createPortalToken.token
}
