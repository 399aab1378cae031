import { graphqlRequest } from '../../../graphql-request.ts'

const PAY_INVOICE = `mutation PayInvoice($token: String!) { payInvoice(token: $token) { url token } }`

/**
 * A checkout for what is due on the invoice of this page. Asked again, the same. The customer's own token lets the method on
 * file pay as well. Throws RequestFailed.
 */
export async function openInvoiceCheckout(
  pageUrl: string,
  customerToken: string,
): Promise<{ checkoutUrl: string; token: string }> {
  const token = new URL(pageUrl).pathname.split('/').at(-1) ?? ''
  type Opened = { payInvoice: { url: string; token: string } }
  const { payInvoice } = await graphqlRequest<Opened>(PAY_INVOICE, { token }, customerToken)
  return { checkoutUrl: payInvoice.url, token: payInvoice.token }
}
