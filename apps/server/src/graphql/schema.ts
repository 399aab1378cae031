import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { guardRootFields } from './auth.ts'
import { builder } from './builder.ts'
import './scalars.ts'
import '../modules/accounts/graphql/billing-details.ts'
import '../modules/accounts/graphql/brand.ts'
import '../modules/accounts/graphql/seller.ts'
import '../modules/accounts/graphql.ts'
import '../modules/billing-state/graphql/fields.ts'
import '../modules/billing-state/graphql/preview.ts'
import '../modules/catalog/graphql/fields.ts'
import '../modules/checkout/graphql/checkout.ts'
import '../modules/checkout/graphql/invoice-page.ts'
import '../modules/checkout/graphql/payment-methods.ts'
import '../modules/clock/graphql.ts'
import '../modules/commitments/graphql.ts'
import '../modules/emails/graphql.ts'
import '../modules/invoices/graphql.ts'
import '../modules/ledger/graphql/budget.ts'
import '../modules/ledger/graphql/explain.ts'
import '../modules/ledger/graphql.ts'
import '../modules/payments/graphql.ts'
import '../modules/portal/graphql.ts'
import '../modules/subscriptions/graphql/fields.ts'
import '../modules/subscriptions/graphql/migration.ts'
import '../modules/topups/graphql/alerts.ts'
import '../modules/topups/graphql/auto-top-up.ts'
import '../modules/topups/graphql/bundles.ts'
import '../modules/usage/graphql/decision.ts'
import '../modules/usage/graphql/fields.ts'
import '../modules/usage/graphql/hold-fields.ts'
import '../modules/webhooks/outbound/graphql/fields.ts'

/** The whole schema, with every root field guarded. The only place that knows all modules. */
export function buildSchema(): GraphQLSchema {
  const schema = builder.toSchema({ sortSchema: false })
  guardRootFields(schema)
  return schema
}

/** The public contract as text: committed as schema.graphql and compared by a test. */
export function printContract(): string {
  return `${printSchema(lexicographicSortSchema(builder.toSchema()))}\n`
}
