import { useCallback, useEffect, useState } from 'react'
import { useReloadOnBack } from '../use-reload-on-back.ts'
import { createPortalToken, type Portal, readPortal } from './portal-api.ts'

/** What stands on the screen. */
export type PortalView =
  | { name: 'loading' }
  | { name: 'unreachable' }
  | { name: 'unknown' }
  | { name: 'expired'; portal: Portal }
  | { name: 'open'; portal: Portal }

/** The longest that a timer can wait. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** Loads a portal session, hands out its tokens and notices its end. */
export function usePortal(token: string) {
  const [view, setView] = useState<PortalView>({ name: 'loading' })

  const look = useCallback(async () => {
    try {
      setView(viewOf(await readPortal(token)))
    } catch {
      // What is on the screen is better than nothing; the live state tells that the connection is gone.
      setView((before) => (before.name === 'open' ? before : { name: 'unreachable' }))
    }
  }, [token])

  const load = useCallback(() => {
    setView({ name: 'loading' })
    void look()
  }, [look])

  useEffect(load, [load])
  useReloadOnBack(look)
  useEnd(view, look)

  const fetchToken = useCallback(async () => {
    try {
      return await createPortalToken(token)
    } catch (failure) {
      // The session may have ended: what to say then is what it says itself.
      void look()
      throw failure
    }
  }, [token, look])

  return { view, retry: load, fetchToken }
}

function viewOf(portal: Portal | null): PortalView {
  if (!portal) return { name: 'unknown' }
  return { name: portal.expired ? 'expired' : 'open', portal }
}

/** Looks again when the session ends, and when a page that slept through its end wakes up. */
function useEnd(view: PortalView, look: () => Promise<void>): void {
  const expiresAt = view.name === 'open' ? Date.parse(view.portal.expiresAt) : null
  useEffect(() => {
    if (expiresAt === null) return
    const lookIfOver = () => void (Date.now() >= expiresAt && look())
    const timer = setTimeout(lookIfOver, Math.min(Math.max(expiresAt - Date.now(), 0) + 1000, LONGEST_WAIT_MS))
    addEventListener('focus', lookIfOver)
    return () => {
      clearTimeout(timer)
      removeEventListener('focus', lookIfOver)
    }
  }, [expiresAt, look])
}
