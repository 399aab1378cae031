import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import { failRequest, pathOf, type Route } from '../platform/http.ts'
import type { Engine } from './execute.ts'
import { sendGraphiQL, wantsGraphiQL } from './graphiql.ts'
import { answerPlain, isPlainRequest } from './http.ts'
import { createYogaHandler } from './yoga.ts'

export const GRAPHQL_PATH = '/graphql'

/** Serves GraphQL over HTTP: plain requests by the short path, GraphiQL to browsers, the rest by Yoga. */
export function createGraphQLRoute(
  engine: Engine,
  app: App,
  isKnownOrigin: (origin: string) => Promise<boolean>,
  bodyMs: number,
): Route {
  const yoga = createYogaHandler(engine, app, bodyMs)

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      if (req.headers.origin) await allowOrigin(req.headers.origin, res)
      if (req.method === 'OPTIONS') return void res.writeHead(204).end()
      if (isPlainRequest(req)) await answerPlain(engine, req, res, bodyMs)
      else if (wantsGraphiQL(req)) await sendGraphiQL(res)
      else await yoga(req, res)
    } catch (error) {
      failRequest(res, error, app.log)
    }
  }

  // Bearer credentials only, so no cookie is ever allowed; other origins get no permission to read.
  async function allowOrigin(origin: string, res: ServerResponse): Promise<void> {
    res.setHeader('vary', 'origin')
    if (!(await isKnownOrigin(origin))) return
    res.setHeader('access-control-allow-origin', origin)
    res.setHeader('access-control-allow-methods', 'POST, GET')
    res.setHeader('access-control-allow-headers', 'authorization, content-type')
    res.setHeader('access-control-max-age', '600')
  }

  return (req, res) => {
    if (pathOf(req) !== GRAPHQL_PATH) return false
    void answer(req, res)
    return true
  }
}
