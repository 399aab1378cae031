import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { checkFirst, connectionOf, readCursor, toPage } from '../../graphql/page.ts'
import { publicId } from '../../platform/ids.ts'
import { findCustomer } from '../accounts/read-customer.ts'
import { type InvoiceLineView, type InvoiceView, readInvoices } from './read-invoices.ts'

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
    lines: t.field({ type: [InvoiceLineRef], resolve: ({ lines }) => lines }),
    periodStart: t.expose('periodStart', { type: 'DateTime', nullable: true }),
    periodEnd: t.expose('periodEnd', { type: 'DateTime', nullable: true }),
    issuedAt: t.expose('issuedAt', { type: 'DateTime', nullable: true }),
    pdfUrl: t.string({ nullable: true, resolve: () => null }),
  }),
})

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
      const size = checkFirst(first, 20)
      const query = { customerPk: pk, take: size + 1, before: readCursor(after, /^[0-9a-f-]{36}$/) }
      return toPage(
        await readInvoices(context.app.database, query),
        size,
        ({ id }) => id,
        (invoice) => invoice,
      )
    },
  }),
}))
