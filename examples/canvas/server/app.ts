import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import type { connectBilling } from './billing.ts'
import { createRoutes } from './routes.ts'
import { createSession, type SignedIn } from './session.ts'

interface Parts {
  readonly billing: ReturnType<typeof connectBilling>
  readonly florinUrl: string
  readonly cookieSecret: string
  /** The folder of the built front end. */
  readonly pages: string
}

/** Signing in, and the front end. What the product does is in routes.ts. */
export function createApp({ billing, florinUrl, cookieSecret, pages }: Parts) {
  const session = createSession(cookieSecret)
  const app = new Hono<SignedIn>()
  app.use(csrf(), secureHeaders({ contentSecurityPolicy: policyFor(florinUrl) }))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse()
    console.error(error)
    return c.json({ message: 'Something went wrong on our side. Please try again.' }, 500)
  })

  app.get('/api/me', async (c) => c.json({ user: await session.read(c), florinUrl }))
  app.post('/api/sign-in', async (c) => {
    const { name } = await c.req.json<{ name?: unknown }>()
    if (typeof name !== 'string' || !name.trim()) return c.json({ message: 'Please say your name.' }, 400)
    const user = await session.begin(c, name.trim().slice(0, 60))
    await billing.signUp(user.id, user.name)
    return c.json({ user, florinUrl })
  })
  app.post('/api/sign-out', (c) => c.json(session.end(c)))

  app.use('/api/*', async (c, next) => {
    const user = await session.read(c)
    if (!user) return c.json({ message: 'Please sign in again.' }, 401)
    c.set('user', user)
    await next()
  })
  app.get('/api/billing-token', async (c) => c.text(await billing.browserToken(c.get('user').id)))
  app.route('/api', createRoutes(billing))

  app.use(serveStatic({ root: pages }))
  return app
}

/** The page talks to this server and to Florin: its API, its socket, and the checkout in a frame. */
function policyFor(florinUrl: string) {
  const { origin } = new URL(florinUrl)
  return {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'", origin, origin.replace(/^http/, 'ws')],
    frameSrc: [origin],
  }
}
