import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { App } from '../app.ts'
import type { Context } from './context.ts'
import { formatFailure } from './errors.ts'
import { type Engine, refusedHere } from './execute.ts'
import { readText } from './http.ts'
import { isIntrospection } from './limits.ts'
import { createStreams } from './streams.ts'

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

/** Yoga for all that is not a plain request: GET queries, SSE, other media types, and errors of form. */
export function createYogaHandler(engine: Engine, app: App, bodyMs: number): Handler {
  const yoga = createYoga<object, Context>({
    schema: engine.schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // The server decides on origins for every path; see server.ts.
    cors: false,
    batching: false,
    multipart: false,
    logging: false,
    maskedErrors: { maskError: (error) => toError(error, app) },
    context: ({ request }) => engine.contextFor(request.headers.get('authorization')),
    graphiql: false,
    plugins: [engineDocuments(engine, app), onlyJsonBodies()],
  })
  const admitStream = createStreams(app)
  return async (req, res) => {
    if (!(await admitStream(req, res))) return
    if (req.method === 'POST') {
      const body = await readText(req, res, bodyMs)
      if (body === null) return
      // Yoga takes a body that was read before; on its own it reads without a limit.
      Object.assign(req, { body })
    }
    await yoga(req, res)
  }
}

/** The engine's own parsed and validated documents, limits and introspection rule. */
function engineDocuments(engine: Engine, app: App): Plugin {
  return {
    onParse: ({ params, setParsedDocument }) => {
      const ready = engine.prepare(String(params.source))
      if ('errors' in ready) throw ready.errors[0]
      setParsedDocument(ready.document)
    },
    onValidate: ({ setResult }) => setResult([]),
    onExecute: ({ args, setResultAndStopExecution }) => {
      const request = { variables: args.variableValues, operationName: args.operationName }
      const ready = { document: args.document, introspection: isIntrospection(args.document) }
      const closed = refusedHere(ready, request, args.contextValue as unknown as Context)
      if (closed) setResultAndStopExecution({ errors: [toError(closed, app)] })
    },
  }
}

/** Form-encoded bodies run mutations from any web page's form: only JSON is taken. */
function onlyJsonBodies(): Plugin {
  return {
    onRequest: ({ request, fetchAPI, endResponse }) => {
      const type = request.headers.get('content-type') ?? ''
      if (request.method !== 'POST' || /^application\/(json|graphql-response\+json)\b/i.test(type)) return
      const message = 'send the request as application/json'
      const body = JSON.stringify({ errors: [{ message, extensions: { code: 'INVALID_INPUT' } }] })
      endResponse(new fetchAPI.Response(body, { status: 415, headers: { 'content-type': 'application/json' } }))
    },
  }
}

function toError(error: unknown, app: App): GraphQLError {
  const { message, extensions, path } = formatFailure(error, app.log)
  // The status that Yoga chose for a request it refused: it reads it from here and doesn't show it.
  const http = error instanceof GraphQLError ? error.extensions.http : undefined
  return new GraphQLError(message, {
    extensions: { ...extensions, ...(http ? { http } : {}) },
    ...(path ? { path } : {}),
  })
}
