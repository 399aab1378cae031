import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { nowOf } from '../../platform/clock.ts'
import { BillingStateRef } from '../billing-state/graphql/state.ts'
import { WalletRef } from '../ledger/graphql.ts'
import { readWallets } from '../ledger/read-wallets.ts'
import type { TaxRate } from './check-tax-rate.ts'
import { createCustomerToken } from './create-customer-token.ts'
import { AddressInput, AddressRef } from './graphql/address.ts'
import { type Customer, findCustomer, readCustomer, readParent } from './read-customer.ts'
import { readTaxRate } from './read-tax-rate.ts'
import { revokeCustomerTokens } from './revoke-customer-tokens.ts'
import { setAllowedOrigins } from './set-allowed-origins.ts'
import { setTaxRate } from './set-tax-rate.ts'
import { upsertCustomer } from './upsert-customer.ts'

export const CustomerRef = builder.objectRef<Customer>('Customer')

CustomerRef.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name', { nullable: true }),
    email: t.exposeString('email', { nullable: true }),
    address: t.expose('address', { type: AddressRef, nullable: true }),
    taxId: t.exposeString('taxId', { nullable: true }),
    currency: t.exposeString('currency', { nullable: true }),
    timezone: t.exposeString('timezone'),
    metadata: t.field({
      type: 'JSON',
      nullable: true,
      description: "Null to the customer's browser: it is the seller's.",
      resolve: ({ metadata }, _, context) => (viewerOf(context).role === 'secret' ? metadata : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    taxRate: t.expose('tax', {
      type: TaxRateRef,
      nullable: true,
      description: "The customer's own; null: the project's.",
    }),
    wallets: t.field({
      type: [WalletRef],
      resolve: ({ pk }, _, context) => readWallets(context.app, viewerOf(context).project, pk),
    }),
    parent: t.field({
      type: CustomerRef,
      nullable: true,
      description:
        "Who stands above in a tree: whose pools pay for meters that the customer's own cards don't rate. Null to the customer's browser: it is another customer.",
      resolve: ({ pk }, _, context) =>
        viewerOf(context).role === 'secret' ? readParent(context.app.database, pk) : null,
    }),
    billingState: t.field({
      type: BillingStateRef,
      resolve: ({ id }, _, context) => context.app.readBillingState(viewerOf(context).project, id),
    }),
  }),
})

const CustomerInput = builder.inputType('CustomerInput', {
  fields: (t) => ({
    id: t.id({ required: true }),
    name: t.string({ description: 'At most 200 characters on one line.' }),
    email: t.string({ description: 'At most 254 characters.' }),
    address: t.field({ type: AddressInput, description: 'Null: removed.' }),
    taxId: t.string({
      description: "Null: removed. A VAT id of the European Union is checked; others' are 4 to 30 characters.",
    }),
    currency: t.string(),
    timezone: t.string(),
    metadata: t.field({ type: 'JSON' }),
    taxRate: t.field({ type: TaxRateInput, description: "The customer's own tax, in place of the project's." }),
    parentId: t.id({
      description: 'Who stands above in a tree of at most five levels; null: nobody; left out: as it is.',
    }),
  }),
})

const TaxModeEnum = builder.enumType('TaxMode', {
  values: {
    EXCLUSIVE: { description: 'Tax comes on top of the prices.' },
    INCLUSIVE: { description: 'Prices have the tax in them.' },
  } as const,
})

const TaxRateInput = builder.inputType('TaxRateInput', {
  fields: (t) => ({
    name: t.string({ defaultValue: 'Tax', description: 'What an invoice calls it, such as "VAT".' }),
    percent: t.field({ type: 'Decimal', required: true, description: '"19" for 19 %; "0": exempt.' }),
    mode: t.field({ type: TaxModeEnum, defaultValue: 'EXCLUSIVE' }),
  }),
})

export const TaxRateRef = builder.objectRef<TaxRate>('TaxRate').implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    percent: t.expose('percent', { type: 'Decimal' }),
    mode: t.expose('mode', { type: TaxModeEnum }),
  }),
})

export const CustomerTokenRef = builder.objectRef<{ token: string; expiresAt: number }>('CustomerToken').implement({
  fields: (t) => ({ token: t.exposeString('token'), expiresAt: t.expose('expiresAt', { type: 'DateTime' }) }),
})

builder.queryFields((t) => ({
  customer: t.field({
    access: 'secret',
    type: CustomerRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, context) => readCustomer(context.app.database, viewerOf(context).project, id),
  }),
  taxRate: t.field({
    access: 'customer',
    type: TaxRateRef,
    nullable: true,
    description:
      "The tax on a customer's invoices: their own, else the project's. EXCLUSIVE: prices in the catalogue are without it. Null: none.",
    args: { customerId: t.arg.id({ required: true }) },
    resolve: async (_, { customerId }, context) => {
      const { project } = viewerOf(context)
      return readTaxRate(context.app.database, (await findCustomer(context.app.database, project, customerId)).pk)
    },
  }),
  clock: t.field({
    access: 'customer',
    type: 'DateTime',
    description: 'Now, as this project sees it: real time, or the sandbox clock.',
    resolve: (_, __, context) => nowOf(viewerOf(context).project),
  }),
}))

builder.mutationFields((t) => ({
  upsertCustomer: t.field({
    access: 'secret',
    type: CustomerRef,
    args: { input: t.arg({ type: CustomerInput, required: true }) },
    resolve: (_, { input }, context) => upsertCustomer(context.app, viewerOf(context).project, input),
  }),
  createCustomerToken: t.field({
    access: 'secret',
    type: CustomerTokenRef,
    description: "A token for the customer's browser: at most a day, an hour unless said otherwise.",
    args: { customerId: t.arg.id({ required: true }), ttlSeconds: t.arg.int({ defaultValue: 3600 }) },
    resolve: (_, { customerId, ttlSeconds }, context) =>
      createCustomerToken(context.app, viewerOf(context).project, { customerId, ttlSeconds: ttlSeconds ?? 3600 }),
  }),
  revokeCustomerTokens: t.field({
    access: 'secret',
    type: 'DateTime',
    description: 'Ends every token that the customer has been given so far. Answers from when on new ones are valid.',
    args: { customerId: t.arg.id({ required: true }) },
    resolve: (_, args, context) => revokeCustomerTokens(context.app, viewerOf(context).project, args),
  }),
  setTaxRate: t.field({
    access: 'secret',
    type: TaxRateRef,
    nullable: true,
    description: 'The tax on invoices of customers who have none of their own. Left out: no tax.',
    args: { input: t.arg({ type: TaxRateInput }) },
    resolve: (_, { input }, context) => setTaxRate(context.app, viewerOf(context).project, input ?? null),
  }),
  setAllowedOrigins: t.field({
    access: 'secret',
    type: ['String'],
    description:
      'Web origins that may call the API from a browser and that redirects may lead to. Localhost is one of them in a sandbox.',
    args: { origins: t.arg.stringList({ required: true }) },
    resolve: (_, { origins }, context) => setAllowedOrigins(context.app, viewerOf(context).project, origins),
  }),
}))
