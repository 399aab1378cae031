import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { readSeller, type Seller } from '../read-seller.ts'
import { setSeller } from '../set-seller.ts'
import { AddressInput, AddressRef } from './address.ts'

const SellerRef = builder.objectRef<Seller>('Seller').implement({
  description: "Who a project's invoices are from.",
  fields: (t) => ({
    legalName: t.exposeString('legalName', { description: "The brand's name unless set." }),
    address: t.expose('address', { type: AddressRef, nullable: true }),
    taxId: t.exposeString('taxId', { nullable: true }),
  }),
})

const SellerInput = builder.inputType('SellerInput', {
  description: 'Left out: stays; null: removed.',
  fields: (t) => ({
    legalName: t.string({ description: '1 to 200 characters.' }),
    address: t.field({ type: AddressInput }),
    taxId: t.string({
      description: "A VAT id of the European Union is checked; others' are 4 to 30 characters.",
    }),
  }),
})

builder.queryFields((t) => ({
  seller: t.field({
    access: 'secret',
    type: SellerRef,
    resolve: (_, __, context) => readSeller(context.app.database, viewerOf(context).project),
  }),
}))

builder.mutationFields((t) => ({
  setSeller: t.field({
    access: 'secret',
    type: SellerRef,
    description: 'Who invoices are from that are issued from now on: those that are issued keep theirs.',
    args: { input: t.arg({ type: SellerInput, required: true }) },
    resolve: (_, { input }, context) => setSeller(context.app, viewerOf(context).project, input),
  }),
}))
