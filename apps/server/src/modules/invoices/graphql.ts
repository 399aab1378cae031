import { formatMoney } from '@florin/core'
import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { connectionOf, pageOf } from '../../graphql/page.ts'
import { publicId } from '../../platform/ids.ts'
import { AddressRef } from '../accounts/graphql/address.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import { closeInvoice } from './close-invoice.ts'
import { createCreditNote } from './create-credit-note.ts'
import { linkInvoice } from './link-invoice.ts'
import { type CreditNote, readCreditNotes } from './read-credit-notes.ts'
import { type InvoiceLineView, type InvoiceView, readInvoices } from './read-invoices.ts'
import type { InvoiceParty } from './read-parties.ts'

const InvoiceStatusEnum = builder.enumType('InvoiceStatus', {
  values: ['DRAFT', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE'] as const,
})

export const InvoiceLineRef = builder.objectRef<InvoiceLineView>('InvoiceLine').implement({
  fields: (t) => ({
    description: t.exposeString('description'),
    rateCode: t.exposeString('rateCode', { nullable: true }),
    quantity: t.expose('quantity', { type: 'Decimal' }),
    amount: t.expose('amount', { type: 'Decimal' }),
    periodStart: t.expose('periodStart', { type: 'DateTime', nullable: true }),
    periodEnd: t.expose('periodEnd', { type: 'DateTime', nullable: true }),
    proration: t.exposeBoolean('proration'),
  }),
})

export const InvoicePartyRef = builder.objectRef<InvoiceParty>('InvoiceParty').implement({
  description: 'Who an invoice is from, or for, as of its issue. Its credit notes name the same.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        "The seller's legal name, else the brand's. The buyer's name, else their e-mail, else the customer's id.",
    }),
    email: t.exposeString('email', { nullable: true }),
    address: t.expose('address', { type: AddressRef, nullable: true }),
    taxId: t.exposeString('taxId', { nullable: true }),
  }),
})

const CreditNoteRef = builder.objectRef<CreditNote>('CreditNote').implement({
  description: 'Takes back a part of an invoice: off what is due, else as account credit.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('cn', id) }),
    number: t.exposeString('number'),
    amount: t.field({ type: 'Decimal', description: 'Tax included.', resolve: (note) => moneyOf(note, note.minor) }),
    tax: t.field({ type: 'Decimal', resolve: (note) => moneyOf(note, note.taxMinor) }),
    reason: t.exposeString('reason'),
    issuedAt: t.expose('issuedAt', { type: 'DateTime' }),
  }),
})

const moneyOf = ({ currency }: CreditNote, minor: number) => formatMoney({ minor: BigInt(minor), currency })

export const InvoiceRef = builder.objectRef<InvoiceView>('Invoice').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('inv', id) }),
    number: t.exposeString('number'),
    status: t.expose('status', { type: InvoiceStatusEnum }),
    currency: t.exposeString('currency'),
    total: t.expose('total', { type: 'Decimal' }),
    tax: t.expose('tax', { type: 'Decimal', description: 'Tax within the total.' }),
    creditUsed: t.expose('creditUsed', { type: 'Decimal', description: 'Account credit that it used.' }),
    credited: t.expose('credited', { type: 'Decimal', description: 'What credit notes took off while it was due.' }),
    paid: t.expose('paid', { type: 'Decimal' }),
    amountDue: t.expose('amountDue', { type: 'Decimal' }),
    amountRefunded: t.expose('amountRefunded', {
      type: 'Decimal',
      description:
        'What of `paid` went back: refunds, and disputes that were lost. All of it: nobody has paid this invoice.',
    }),
    lines: t.field({ type: [InvoiceLineRef], resolve: ({ lines }) => lines }),
    creditNotes: t.field({
      type: [CreditNoteRef],
      resolve: ({ id }, _, context) => readCreditNotes(context.app.database, id),
    }),
    periodStart: t.expose('periodStart', { type: 'DateTime', nullable: true }),
    periodEnd: t.expose('periodEnd', { type: 'DateTime', nullable: true }),
    issuedAt: t.expose('issuedAt', { type: 'DateTime', nullable: true }),
    seller: t.expose('seller', { type: InvoicePartyRef }),
    buyer: t.expose('buyer', { type: InvoicePartyRef }),
    pageUrl: t.string({
      nullable: true,
      description: 'Where the customer sees, downloads and pays it: whoever has the address may. Null for a draft.',
      resolve: (invoice, _, { app }) => linksOf(app, invoice)?.pageUrl,
    }),
    pdfUrl: t.string({ nullable: true, resolve: (invoice, _, { app }) => linksOf(app, invoice)?.pdfUrl }),
  }),
})

const linksOf = ({ publicUrl }: { publicUrl: string }, { status, token }: InvoiceView) =>
  status === 'DRAFT' ? null : linkInvoice(publicUrl, token)

const InvoiceConnection = connectionOf('Invoice', InvoiceRef)

builder.queryFields((t) => ({
  invoices: t.field({
    access: 'customer',
    type: InvoiceConnection,
    args: {
      customerId: t.arg.id({ required: true }),
      first: t.arg.int({ defaultValue: 20 }),
      after: t.arg.string(),
    },
    resolve: async (_, { customerId, first, after }, context) => {
      const { pk } = await findCustomer(context.app.database, viewerOf(context).project, customerId)
      return pageOf({ first, after }, (page) => readInvoices(context.app.database, { customerPk: pk, ...page }))
    },
  }),
}))

const CreditNoteInput = builder.inputType('CreditNoteInput', {
  fields: (t) => ({
    invoiceId: t.id({ required: true }),
    amount: t.field({
      type: 'Decimal',
      description: 'Tax included. Left out: all that earlier notes have left of the invoice.',
    }),
    reason: t.string({ required: true, description: 'The customer reads it.' }),
    idempotencyKey: t.string({ required: true }),
  }),
})

builder.mutationFields((t) => ({
  createCreditNote: t.field({
    access: 'secret',
    type: CreditNoteRef,
    description:
      'Takes back a part of an invoice, under a number of its own: off what is due, else as account credit. All notes of an invoice together never pass its total.',
    args: { input: t.arg({ type: CreditNoteInput, required: true }) },
    resolve: (_, { input }, context) => createCreditNote(context.app, viewerOf(context).project, input),
  }),
  voidInvoice: t.field({
    access: 'secret',
    type: InvoiceRef,
    description: 'An open invoice that should not have been. Account credit that it used comes back.',
    args: { invoiceId: t.arg.id({ required: true }) },
    resolve: (_, { invoiceId }, context) => closeInvoice(context.app, viewerOf(context).project, invoiceId, 'VOID'),
  }),
  markInvoiceUncollectible: t.field({
    access: 'secret',
    type: InvoiceRef,
    description: 'An open invoice that is owed, and given up: nobody tries to collect it any more.',
    args: { invoiceId: t.arg.id({ required: true }) },
    resolve: (_, { invoiceId }, context) =>
      closeInvoice(context.app, viewerOf(context).project, invoiceId, 'UNCOLLECTIBLE'),
  }),
}))
