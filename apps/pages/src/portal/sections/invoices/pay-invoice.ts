import { graphqlRequest } from '../../../graphql-request.ts'

const PAY_INVOICE = `mutation PayInvoice($token: String!) { payInvoice(token: $token) { url token } }`

/** A checkout for what is due on the invoice of this page. Asked again, the same. Throws RequestFailed. */
export async function openInvoiceCheckout(pageUrl: string): Promise<{ checkoutUrl: string; token: string }> {
  const token = new URL(pageUrl).pathname.split('/').at(-1) ?? ''
  const { payInvoice } = await graphqlRequest<{ payInvoice: { url: string; token: string } }>(PAY_INVOICE, { token })
  return { checkoutUrl: payInvoice.url, token: payInvoice.token }
}
