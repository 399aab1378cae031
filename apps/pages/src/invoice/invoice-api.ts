import type { Address } from '@florin/core'
import { BRAND_SELECTION, type Brand } from '../brand/brand.ts'
import { graphqlRequest } from '../graphql-request.ts'

export type InvoiceStatus = 'DRAFT' | 'OPEN' | 'PAID' | 'VOID' | 'UNCOLLECTIBLE'
export type Period = { periodStart: string | null; periodEnd: string | null }
export type InvoiceLine = { description: string; quantity: string; amount: string } & Period

export type CreditNote = { number: string; amount: string; reason: string; issuedAt: string }

export type Invoice = {
  number: string
  status: InvoiceStatus
  currency: string
  total: string
  creditUsed: string
  credited: string
  paid: string
  amountDue: string
  amountRefunded: string
  issuedAt: string | null
  creditNotes: CreditNote[]
} & Period

/** Who it is from, or for, as of its issue. */
export type InvoiceParty = { name: string; email: string | null; address: Address | null; taxId: string | null }

/** What the schema calls `InvoicePage`. Amounts are exact decimals in text, and stay text until they are shown. */
export type InvoicePage = {
  merchant: string
  brand: Brand
  testMode: boolean
  seller: InvoiceParty
  buyer: InvoiceParty
  /** Days are days there. */
  timezone: string
  items: InvoiceLine[]
  subtotal: string
  tax: { description: string; amount: string } | null
  payable: boolean
  invoice: Invoice
}

const PARTY = `name email address { line1 line2 city postalCode state country } taxId`

const INVOICE = `
  query Invoice($token: String!) {
    invoice(token: $token) {
      ${BRAND_SELECTION}
      merchant testMode timezone subtotal payable
      seller { ${PARTY} }
      buyer { ${PARTY} }
      items { description quantity amount periodStart periodEnd }
      tax { description amount }
      invoice {
        number status currency total creditUsed credited paid amountDue amountRefunded issuedAt periodStart periodEnd
        creditNotes { number amount reason issuedAt }
      }
    }
  }`

const PAY_INVOICE = `mutation PayInvoice($token: String!) { payInvoice(token: $token) { url } }`

/** Null for a token that the server doesn't know. Throws RequestFailed. */
export async function readInvoice(token: string): Promise<InvoicePage | null> {
  return (await graphqlRequest<{ invoice: InvoicePage | null }>(INVOICE, { token })).invoice
}

/** The address of a checkout for what is due; the same one if asked again. Throws RequestFailed, CONFLICT if nothing is due. */
export async function payInvoice(token: string): Promise<string> {
  return (await graphqlRequest<{ payInvoice: { url: string } }>(PAY_INVOICE, { token })).payInvoice.url
}
