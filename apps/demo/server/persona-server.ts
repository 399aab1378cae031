import { createServer, type Server } from 'node:http'
import { type Persona, routes, sendJson } from './routes.ts'
import { createStaticFiles, policyFor } from './static-files.ts'

/** Persona's API and its built app on one port. */
export function createPersonaServer(persona: Persona, appFolder: string): Server {
  const serveFile = createStaticFiles(appFolder, policyFor(persona.florinUrl))
  return createServer(async (request, response) => {
    const path = request.url?.split('?')[0] ?? '/'
    const route = routes[`${request.method} ${path}`]
    try {
      if (route) await route(persona, { request, response })
      else if (path.startsWith('/api/')) sendJson(response, 404, { message: 'There is no such route.' })
      else await serveFile(path, response)
    } catch (error) {
      console.error(`persona: ${request.method} ${path}:`, error)
      if (response.headersSent) response.destroy()
      else sendJson(response, 503, { message: 'Something went wrong on our side. Please try again.' })
    }
  })
}
