import type { Address } from '@florin/core'
import { builder } from '../../../graphql/builder.ts'

export const AddressRef = builder.objectRef<Address>('Address').implement({
  fields: (t) => ({
    line1: t.exposeString('line1'),
    line2: t.exposeString('line2', { nullable: true }),
    city: t.exposeString('city'),
    postalCode: t.exposeString('postalCode', { nullable: true }),
    state: t.exposeString('state', { nullable: true }),
    country: t.exposeString('country', { description: 'ISO 3166-1 alpha-2, such as "DE".' }),
  }),
})

export const AddressInput = builder.inputType('AddressInput', {
  fields: (t) => ({
    line1: t.string({ required: true, description: '1 to 200 characters.' }),
    line2: t.string({ description: 'At most 200 characters.' }),
    city: t.string({ required: true, description: '1 to 100 characters.' }),
    postalCode: t.string({ description: 'At most 20 characters.' }),
    state: t.string({ description: 'At most 100 characters.' }),
    country: t.string({ required: true, description: 'ISO 3166-1 alpha-2, such as "DE".' }),
  }),
})
