import type { Document } from '../client/document.ts'
import type { Request } from '../client/transport.ts'

/** A page's own question, by the token of its session: the rest of `Checkout` is for the page. */
const CHECKOUT_STATUS = 'query CheckoutStatus($token: String!) { checkout(token: $token) { status } }' as Document<
  { checkout: { status: string } | null },
  { token: string }
>

export async function readCheckoutStatus(request: Request, token: string): Promise<string | null> {
  return (await request(CHECKOUT_STATUS, { token })).checkout?.status ?? null
}
