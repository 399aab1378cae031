import { Hono } from 'hono'
import type { connectBilling } from './billing.ts'
import { type Hero, isOrigin, recruit } from './heroes.ts'
import type { SignedIn } from './session.ts'

/** The product. Of money it knows one thing: whether a party may be called. */
export function createRoutes(billing: ReturnType<typeof connectBilling>) {
  const parties = new Map<string, Hero[]>()
  const routes = new Hono<SignedIn>()

  routes.get('/heroes', (c) => c.json(parties.get(c.get('user').id) ?? []))

  routes.post('/heroes', async (c) => {
    const { id } = c.get('user')
    const { size, origin, key } = await c.req.json<Record<string, unknown>>()
    if (!isSize(size) || !isOrigin(origin) || typeof key !== 'string') return c.json({ message: 'Who is wanted?' }, 400)

    if (!(await billing.charge(id, size, key))) return c.json({}, 402)

    // The same key is paid once, and brings the same heroes.
    const others = parties.get(id)?.filter((hero) => !hero.id.startsWith(key)) ?? []
    const heroes = recruit(key, origin, size)
    parties.set(id, [...heroes, ...others])
    return c.json(heroes)
  })
  return routes
}

const isSize = (value: unknown): value is number => value === 1 || value === 2 || value === 3
