import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'vite'

/** Another team's app, on an origin of its own: one page with the SDK, whatever policy it is given. */
export interface Integrator {
  readonly origin: string
  /** Serves this page at its root from now on. */
  serve(page: ServedPage): void
  stop(): Promise<void>
}

export interface ServedPage {
  readonly html: string
  readonly policy?: string
}

const STYLE = `body { margin: 0; font-family: sans-serif; } main { padding: 1rem; } .tall { height: 200vh; }`

export async function startIntegrator(): Promise<Integrator> {
  const script = await bundle()
  let page: ServedPage = { html: '' }
  const server = createServer((request, response) => {
    if (request.url === '/page.js') return void response.setHeader('content-type', 'text/javascript').end(script)
    if (request.url === '/page.css') return void response.setHeader('content-type', 'text/css').end(STYLE)
    if (page.policy) response.setHeader('content-security-policy', page.policy)
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page.html)
  })
  return {
    origin: await listen(server),
    serve: (next) => {
      page = next
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The page that uses the SDK, for one customer. Everything that it needs is in files: no policy has to allow inline code. */
export function sdkPage(florinUrl: string, token: string): string {
  return `<!doctype html>
<html lang="en" data-florin="${florinUrl}" data-token="${token}">
<head><title>Integrator</title><link rel="stylesheet" href="/page.css"></head>
<body><div id="root"></div><script type="module" src="/page.js"></script></body>
</html>`
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    // Tests run as a development build would.
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { development: false } },
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, 'integrator-page.tsx'), formats: ['es'], fileName: 'page' },
    },
  })
  const [output] = [built].flat()
  if (!output || !('output' in output)) throw new Error('the page of the integrator was not built')
  return output.output[0].code
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Another site than Florin's, as integrators' are: a private window forbids a frame of another site to store anything.
  return `http://localhost:${(server.address() as AddressInfo).port}`
}
