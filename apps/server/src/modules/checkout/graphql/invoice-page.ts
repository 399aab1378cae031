import { builder } from '../../../graphql/builder.ts'
import { BrandRef } from '../../accounts/graphql/brand.ts'
import { InvoiceLineRef, InvoicePartyRef, InvoiceRef } from '../../invoices/graphql.ts'
import { readInvoiceByToken } from '../../invoices/read-invoice-by-token.ts'
import { type InvoicePage, readInvoicePage } from '../../invoices/read-invoice-page.ts'
import { linkTo } from '../../payments/checkout-session.ts'
import { payInvoice } from '../pay-invoice.ts'
import { CheckoutSessionRef } from './checkout.ts'

const InvoicePageRef = builder.objectRef<InvoicePage>('InvoicePage').implement({
  description: "What an invoice's hosted page shows.",
  fields: (t) => ({
    invoice: t.expose('invoice', { type: InvoiceRef }),
    merchant: t.exposeString('merchant'),
    brand: t.expose('brand', { type: BrandRef }),
    testMode: t.exposeBoolean('testMode'),
    seller: t.field({ type: InvoicePartyRef, resolve: ({ invoice }) => invoice.seller }),
    buyer: t.field({ type: InvoicePartyRef, resolve: ({ invoice }) => invoice.buyer }),
    customerId: t.id({ resolve: ({ billedTo }) => billedTo.id }),
    customerName: t.string({
      nullable: true,
      description: "The buyer's, as of its issue.",
      resolve: ({ invoice }) => invoice.buyer.name,
    }),
    customerEmail: t.string({
      nullable: true,
      description: "The buyer's, as of its issue.",
      resolve: ({ invoice }) => invoice.buyer.email,
    }),
    timezone: t.string({
      description: "The customer's: days are days there.",
      resolve: ({ billedTo }) => billedTo.timezone,
    }),
    items: t.field({
      type: [InvoiceLineRef],
      description: "The invoice's lines without its tax. They come to `subtotal`.",
      resolve: ({ items }) => items,
    }),
    subtotal: t.expose('subtotal', { type: 'Decimal' }),
    tax: t.expose('tax', { type: InvoiceLineRef, nullable: true }),
    payable: t.exposeBoolean('payable', { description: 'Whether `payInvoice` opens a checkout for it.' }),
  }),
})

builder.queryFields((t) => ({
  invoice: t.field({
    access: 'public',
    type: InvoicePageRef,
    nullable: true,
    description: "What an invoice's page shows. The token in its address is the credential.",
    args: { token: t.arg.string({ required: true }) },
    resolve: async (_, { token }, { app }) => {
      const found = await readInvoiceByToken(app.database, token)
      return found && readInvoicePage(app.database, found.project, found.invoice)
    },
  }),
}))

builder.mutationFields((t) => ({
  payInvoice: t.field({
    access: 'public',
    type: CheckoutSessionRef,
    description:
      "Opens a checkout for what is due, which leads back to the invoice's page. Safe to repeat. By its link alone a new method pays. With the customer's token, or a secret key, the one on file may pay as well.",
    args: { token: t.arg.string({ required: true }) },
    resolve: async (_, { token }, { app, viewer }) => {
      const { project, session } = await payInvoice(app, viewer, token)
      return linkTo(app.publicUrl, project, session)
    },
  }),
}))
