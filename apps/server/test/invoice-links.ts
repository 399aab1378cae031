import { dataOf } from './calls.ts'
import type { Peer } from './stack.ts'

/** Where an invoice is, as a customer is told. */
export interface LinkedInvoice {
  readonly id: string
  readonly number: string
  readonly status: string
  readonly amountDue: string
  readonly pageUrl: string
  readonly pdfUrl: string
  /** The credential in both addresses. */
  readonly token: string
}

export async function newestInvoice(to: Pick<Peer, 'query'>, customerId: string): Promise<LinkedInvoice> {
  const document = `query ($id: ID!) { invoices(customerId: $id, first: 1) {
    nodes { id number status amountDue pageUrl pdfUrl } } }`
  const answer = to.query<{ invoices: { nodes: Omit<LinkedInvoice, 'token'>[] } }>(document, { id: customerId })
  const [invoice] = (await dataOf(answer)).invoices.nodes
  if (!invoice) throw new Error(`${customerId} has no invoice`)
  return { ...invoice, token: invoice.pageUrl.split('/').at(-1) as string }
}

const PAY = `mutation ($token: String!) { payInvoice(token: $token) { token url } }`

/** By the link alone, or with an `Authorization` header. */
export function askPayInvoice(to: Pick<Peer, 'query'>, token: string, authorization: string | null = null) {
  return to.query<{ payInvoice: { token: string; url: string } }>(PAY, { token }, authorization)
}

/** Presses the invoice's pay button: the token of the checkout that opens. */
export async function openInvoiceCheckout(
  to: Pick<Peer, 'query'>,
  token: string,
  authorization: string | null = null,
): Promise<string> {
  return (await dataOf(askPayInvoice(to, token, authorization))).payInvoice.token
}
