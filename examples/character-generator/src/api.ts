import type { Hero, Origin } from '../server/heroes.ts'
import type { User } from '../server/session.ts'

export type { Hero, Origin } from '../server/heroes.ts'

export interface Me {
  readonly user: User | null
  readonly florinUrl: string
}

export const fetchMe = () => send<Me>('/api/me')
export const signIn = (name: string) => send<Me>('/api/sign-in', { name })
export const signOut = () => send('/api/sign-out', {})
export const fetchHeroes = () => send<Hero[]>('/api/heroes')

/** Null: the credits did not reach. */
export async function recruit(size: number, origin: Origin): Promise<Hero[] | null> {
  try {
    return await send<Hero[]>('/api/heroes', { size, origin, key: crypto.randomUUID() })
  } catch (error) {
    if (error instanceof Refused && error.status === 402) return null
    throw error
  }
}

class Refused extends Error {
  readonly status: number

  constructor(status: number, message = 'Something went wrong. Please try again.') {
    super(message)
    this.status = status
  }
}

async function send<Body>(path: string, body?: object): Promise<Body> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(path, body ? post : {}).catch(() => {
    throw new Refused(0, 'The tavern can’t be reached. Please check your connection.')
  })
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Refused(response.status, answer.message)
  return answer
}
