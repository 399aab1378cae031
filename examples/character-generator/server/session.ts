import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'

/** Who is signed in. The id follows from the name, so that coming again is coming back. */
export interface User {
  readonly id: string
  readonly name: string
}

/** What the routes behind the door find in their context. */
export interface SignedIn {
  Variables: { user: User }
}

const COOKIE = 'tavern'

/** A name in a signed cookie. A real app asks for more than a name; for Florin any id of yours will do. */
export const createSession = (secret: string) => ({
  async read(c: Context): Promise<User | null> {
    const name = await getSignedCookie(c, secret, COOKIE)
    return name ? userNamed(name) : null
  },
  async begin(c: Context, name: string): Promise<User> {
    await setSignedCookie(c, COOKIE, name, secret, { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 604_800 })
    return userNamed(name)
  },
  end(c: Context): object {
    deleteCookie(c, COOKIE, { path: '/' })
    return {}
  },
})

function userNamed(name: string): User {
  const hash = createHash('sha256').update(name.normalize('NFKC').toLowerCase()).digest('hex')
  return { id: `tavern_${hash.slice(0, 16)}`, name }
}
