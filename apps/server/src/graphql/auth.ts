import { type GraphQLFieldConfig, GraphQLObjectType, type GraphQLSchema } from 'graphql'
import { mayActFor } from '../modules/accounts/viewer.ts'
import { Fault } from '../platform/errors.ts'
import { type Context, viewerOf } from './context.ts'

/**
 * Who may ask for a root field. `secret`: a backend. `customer`: also that customer's browser; a `customerId` argument
 * must then be its own. `public`: anyone who holds the token that the field takes.
 */
export type Access = 'secret' | 'customer' | 'public'

type Args = { customerId?: unknown; input?: { customerId?: unknown } | null }
type Field = GraphQLFieldConfig<unknown, Context, Args>

/** Puts the declared access in front of every root resolver. Throws if a root field declares none: nothing is open by omission. */
export function guardRootFields(schema: GraphQLSchema): void {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (!(root instanceof GraphQLObjectType)) continue
    for (const field of Object.values(root.getFields())) {
      const access = accessOf(field as unknown as Field)
      if (!access)
        throw new Error(`${root.name}.${field.name} must declare who may ask: access 'secret', 'customer' or 'public'`)
      if (access !== 'public') guard(field as unknown as Field, access)
    }
  }
}

export function accessOf(field: { extensions?: unknown }): Access | undefined {
  const { pothosOptions } = (field.extensions ?? {}) as { pothosOptions?: { access?: Access } }
  return pothosOptions?.access
}

function guard(field: Field, access: 'secret' | 'customer'): void {
  const { resolve, subscribe } = field
  const check = (args: Args, context: Context) => {
    const viewer = viewerOf(context)
    if (access === 'secret' && viewer.role !== 'secret') {
      throw new Fault('FORBIDDEN', 'this needs a secret key: a customer token may not do it')
    }
    const customerId = args.customerId ?? args.input?.customerId
    if (typeof customerId === 'string') mayActFor(viewer, customerId)
  }
  if (subscribe) {
    field.subscribe = (source, args, context, info) => {
      check(args, context)
      return subscribe(source, args, context, info)
    }
    return
  }
  if (!resolve) return
  field.resolve = (source, args, context, info) => {
    check(args, context)
    return resolve(source, args, context, info)
  }
}
