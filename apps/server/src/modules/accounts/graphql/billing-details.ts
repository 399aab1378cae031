import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { CustomerRef } from '../graphql.ts'
import { type Customer, findCustomer } from '../read-customer.ts'
import { setBillingDetails } from '../set-billing-details.ts'
import { AddressInput, AddressRef } from './address.ts'

const BillingDetailsRef = builder.objectRef<Customer>('BillingDetails').implement({
  description: "Whom a customer's next invoices are for.",
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true }),
    email: t.exposeString('email', { nullable: true }),
    address: t.expose('address', { type: AddressRef, nullable: true }),
    taxId: t.exposeString('taxId', { nullable: true }),
  }),
})

const BillingDetailsInput = builder.inputType('BillingDetailsInput', {
  description: 'Left out: stays; null: removed.',
  fields: (t) => ({
    customerId: t.id({ required: true }),
    name: t.string({ description: '1 to 200 characters.' }),
    email: t.string({ description: 'Receipts and notices go there.' }),
    address: t.field({ type: AddressInput }),
    taxId: t.string({
      description: "A VAT id of the European Union is checked; others' are 4 to 30 characters.",
    }),
  }),
})

builder.queryFields((t) => ({
  billingDetails: t.field({
    access: 'customer',
    type: BillingDetailsRef,
    args: { customerId: t.arg.id({ required: true }) },
    resolve: (_, { customerId }, context) => findCustomer(context.app.database, viewerOf(context).project, customerId),
  }),
}))

builder.mutationFields((t) => ({
  setBillingDetails: t.field({
    access: 'customer',
    type: CustomerRef,
    description: 'Whom invoices are for that are issued from now on: those that are issued keep theirs.',
    args: { input: t.arg({ type: BillingDetailsInput, required: true }) },
    resolve: (_, { input }, context) => setBillingDetails(context.app, viewerOf(context).project, input),
  }),
}))
