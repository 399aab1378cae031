import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Who is signed in. The id follows from the name, so that signing up twice is signing in. */
export type User = { id: string; name: string }

const COOKIE = 'persona'
const A_WEEK_IN_SECONDS = 7 * 24 * 3600

export function userNamed(name: string): User {
  const key = name.normalize('NFKC').toLowerCase()
  return { id: `user_${createHash('sha256').update(key).digest('hex').slice(0, 20)}`, name }
}

/**
 * Sessions live in a signed cookie and nowhere else. Another secret makes all of them invalid. Cookies don't know ports:
 * `Path=/api` keeps this one from every other server of the same host.
 */
export function createSessions(secret: string) {
  const signature = (payload: string) => createHmac('sha256', `persona session ${secret}`).update(payload).digest()
  return {
    cookieFor(user: User): string {
      const payload = Buffer.from(JSON.stringify(user)).toString('base64url')
      const value = `${payload}.${signature(payload).toString('base64url')}`
      return `${COOKIE}=${value}; Path=/api; HttpOnly; SameSite=Lax; Max-Age=${A_WEEK_IN_SECONDS}`
    },
    endingCookie: `${COOKIE}=; Path=/api; HttpOnly; SameSite=Lax; Max-Age=0`,
    /** Null without a session, and for one that nobody here has signed. */
    userOf(cookies: string | undefined): User | null {
      const [payload = '', signed = ''] = (readCookie(cookies) ?? '').split('.')
      const given = Buffer.from(signed, 'base64url')
      const right = signature(payload)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as User
    },
  }
}

function readCookie(cookies = ''): string | undefined {
  const pair = cookies.split(/;\s*/).find((entry) => entry.startsWith(`${COOKIE}=`))
  return pair?.slice(COOKIE.length + 1)
}
