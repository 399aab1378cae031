import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import type { connectBilling } from './billing.ts'
import { type Hero, isOrigin, recruit } from './heroes.ts'
import { createSession, type User } from './session.ts'

interface Parts {
  readonly billing: ReturnType<typeof connectBilling>
  readonly florinUrl: string
  readonly cookieSecret: string
  /** The folder of the built front end. */
  readonly pages: string
}

/** The whole app. Nothing in it knows what a plan is. */
export function createApp({ billing, florinUrl, cookieSecret, pages }: Parts) {
  const session = createSession(cookieSecret)
  const parties = new Map<string, Hero[]>()
  const app = new Hono<{ Variables: { user: User } }>()
  app.use(csrf(), secureHeaders({ contentSecurityPolicy: policyFor(florinUrl) }))
  app.onError((error, { json }) => {
    console.error(error)
    return json({ message: 'Something went wrong on our side. Please try again.' }, 500)
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
  app.get('/api/heroes', (c) => c.json(parties.get(c.get('user').id) ?? []))
  app.post('/api/heroes', async (c) => {
    const { id } = c.get('user')
    const { size, origin, key } = await c.req.json<Record<string, unknown>>()
    if (!isSize(size) || !isOrigin(origin) || typeof key !== 'string') return c.json({ message: 'Who is wanted?' }, 400)

    const decision = await billing.charge(id, size, key)
    if (!decision.allowed) return c.json({ reason: decision.reason }, 402)

    const others = parties.get(id)?.filter((hero) => !hero.id.startsWith(key)) ?? []
    const heroes = recruit(key, origin, size)
    parties.set(id, [...heroes, ...others])
    return c.json(heroes)
  })

  app.use(serveStatic({ root: pages }))
  return app
}

const isSize = (value: unknown): value is number => value === 1 || value === 2 || value === 3

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
