import {
  type DocumentNode,
  type ExecutionArgs,
  execute,
  GraphQLError as Failure,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { App } from '../app.ts'
import { Fault } from '../platform/errors.ts'
import type { Context } from './context.ts'
import { formatFailure } from './errors.ts'
import { checkLimits, checkText, isIntrospection } from './limits.ts'

/** A GraphQL request as JSON carries it. */
export interface GraphQLRequest {
  readonly query?: unknown
  readonly variables?: unknown
  readonly operationName?: unknown
}

export interface GraphQLAnswer {
  readonly data?: unknown
  readonly errors?: readonly GraphQLFormattedError[]
}

/** A document that may be run, or why not. */
export type Prepared =
  | { readonly document: DocumentNode; readonly introspection: boolean }
  | { readonly errors: readonly GraphQLError[] }

export interface Engine {
  readonly schema: GraphQLSchema
  prepare(query: string): Prepared
  contextFor(authorization: string | null | undefined): Promise<Context>
  run(request: GraphQLRequest, context: Context): Promise<GraphQLAnswer>
}

/** Parses, checks and runs requests; each document is parsed and validated once. Every transport goes through here. */
export function createEngine(schema: GraphQLSchema, app: App): Engine {
  const prepared = new LRUCache<string, Prepared>({
    max: 2_000,
    maxSize: 20_000_000,
    sizeCalculation: (_, text) => text.length + 1,
  })

  const prepare = (query: string) => {
    const known = prepared.get(query)
    if (known) return known
    const fresh = check(schema, query)
    prepared.set(query, fresh)
    return fresh
  }

  return {
    schema,
    prepare,
    contextFor: async (authorization) => {
      try {
        return { app, viewer: await app.authenticate(authorization), refusal: null }
      } catch (error) {
        if (error instanceof Fault) return { app, viewer: null, refusal: error }
        throw error
      }
    },
    run: async (request, context) => {
      const refuse = (errors: readonly unknown[]) => ({ errors: errors.map((error) => formatFailure(error, app.log)) })
      if (typeof request.query !== 'string') return refuse([new Failure('send { "query": "…", "variables": { … } }')])
      const ready = prepare(request.query)
      if ('errors' in ready) return refuse(ready.errors)
      const closed = refusedHere(ready, request, context)
      if (closed) return refuse([closed])
      const result = await execute(executionArgs(schema, ready.document, request, context))
      return result.errors
        ? { ...result, errors: result.errors.map((error) => formatFailure(error, app.log)) }
        : { data: result.data }
    },
  }
}

export function executionArgs(
  schema: GraphQLSchema,
  document: DocumentNode,
  request: GraphQLRequest,
  contextValue: Context,
): ExecutionArgs {
  return {
    schema,
    document,
    contextValue,
    variableValues: (request.variables ?? {}) as Record<string, unknown>,
    operationName: (request.operationName ?? null) as string | null,
  }
}

/** What may not run for this viewer, or not as a plain request. */
export function refusedHere(
  ready: { document: DocumentNode; introspection: boolean },
  request: GraphQLRequest,
  context: Context,
): unknown {
  if (request.variables != null && (typeof request.variables !== 'object' || Array.isArray(request.variables))) {
    return new Failure('variables is an object')
  }
  if (ready.introspection && !mayIntrospect(context)) {
    return context.refusal ?? new Fault('FORBIDDEN', 'introspection is for secret keys and sandboxes')
  }
  return null
}

/** Whether the request is a subscription, which needs a WebSocket. */
export function isSubscription(document: DocumentNode, operationName: unknown): boolean {
  return getOperationAST(document, operationName as string | null | undefined)?.operation === 'subscription'
}

function mayIntrospect({ viewer }: Context): boolean {
  return viewer !== null && (viewer.role === 'secret' || viewer.project.mode === 'SANDBOX')
}

function check(schema: GraphQLSchema, query: string): Prepared {
  try {
    const unreadable = checkText(query)
    if (unreadable) return { errors: [unreadable] }
    const document = parse(query)
    const tooComplex = checkLimits(document)
    if (tooComplex) return { errors: [tooComplex] }
    const errors = validate(schema, document, undefined, { maxErrors: 10 })
    return errors.length > 0 ? { errors } : { document, introspection: isIntrospection(document) }
  } catch (error) {
    return { errors: [error as GraphQLError] }
  }
}
