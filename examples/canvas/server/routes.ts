import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { stream } from 'hono/streaming'
import type { connectBilling } from './billing.ts'
import { isPrompt, type Node, paint, write } from './model.ts'
import type { SignedIn } from './session.ts'
import { makeVideo } from './video.ts'

/** The product. Of money it knows one thing: whether something may be made, and how long. */
export function createRoutes(billing: ReturnType<typeof connectBilling>) {
  const canvases = new Map<string, Node[]>()
  const keep = (userId: string, node: Node) => {
    const others = canvases.get(userId)?.filter(({ id }) => id !== node.id) ?? []
    canvases.set(userId, [...others, node])
    return node
  }
  const routes = new Hono<SignedIn>()

  routes.get('/nodes', (c) => c.json(canvases.get(c.get('user').id) ?? []))

  routes.post('/text', async (c) => {
    const { id } = c.get('user')
    const { prompt, key } = await readOrder(c)
    if (!(await billing.charge(id, 'easel_text', key))) return c.json({}, 402)
    return c.json(keep(id, write(key, prompt)))
  })

  routes.post('/image', async (c) => {
    const { id } = c.get('user')
    const { prompt, key } = await readOrder(c)
    if (!(await billing.charge(id, 'easel_image', key))) return c.json({}, 402)
    return c.json(keep(id, paint(key, prompt)))
  })

  /** A line of JSON for each second of video: the node as far as it is. */
  routes.post('/video', async (c) => {
    const { id } = c.get('user')
    const { prompt, key } = await readOrder(c)
    const reservation = await billing.reserve(id, 'easel_video', key)
    if (!reservation) return c.json({}, 402)
    return stream(c, async (lines) => {
      for await (const node of makeVideo(key, prompt, reservation, () => lines.aborted)) {
        await lines.writeln(JSON.stringify(keep(id, node)))
      }
    })
  })
  return routes
}

async function readOrder(c: Context): Promise<{ prompt: string; key: string }> {
  const { prompt, key } = await c.req.json<Record<string, unknown>>()
  if (isPrompt(prompt) && typeof key === 'string') return { prompt, key }
  throw new HTTPException(400, { res: c.json({ message: 'Please say what to make.' }) })
}
