import SchemaBuilder from '@pothos/core'
import PrismaPlugin from '@pothos/plugin-prisma'
import type PrismaTypes from '../generated/pothos.ts'
import { getDatamodel } from '../generated/pothos.ts'
import type { Access } from './auth.ts'
import type { Context } from './context.ts'

declare global {
  namespace PothosSchemaTypes {
    interface FieldOptions {
      /** Who may ask: required on every field of Query, Mutation and Subscription. */
      access?: Access
    }
  }
}

/** The one schema builder. It has no types of its own: each module declares its nouns beside their rules. */
export const builder = new SchemaBuilder<{
  Context: Context
  PrismaTypes: PrismaTypes
  DefaultFieldNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    /** Input is not yet checked: the command that needs it says which field is wrong. */
    Decimal: { Input: string | number; Output: string }
    /** Epoch milliseconds; NaN as input says that what was sent is no instant. */
    DateTime: { Input: number; Output: number | Date }
    JSON: { Input: unknown; Output: unknown }
    SafeInt: { Input: number; Output: number }
  }
}>({
  plugins: [PrismaPlugin],
  defaultFieldNullability: false,
  prisma: {
    client: (context) => context.app.database.prisma,
    dmmf: getDatamodel(),
    onUnusedQuery: null,
  },
})

builder.queryType({})
builder.mutationType({})
builder.subscriptionType({})
