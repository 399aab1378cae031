import { useEffect } from 'react'
import { confirmCheckout, readCheckout } from './checkout-api.ts'
import { type CheckoutView, type Seen, viewAfterAbsence, viewOf, viewWhileAway } from './checkout-view.ts'

type SetView = (next: (before: CheckoutView) => CheckoutView) => void

/** How often the outcome is asked for, by what stands on the screen. A bank that takes days is in no hurry. */
const EVERY_MS: Partial<Record<CheckoutView['name'], number>> = { confirming: 1000, away: 1500, pending: 10_000 }
const UNANSWERED_BEFORE_GIVING_UP = 5

/** Asks for the outcome, again and again, for as long as one is outstanding. */
export function useFollowPayment(
  token: string,
  { name }: CheckoutView,
  setView: SetView,
  seen: { readonly current: Seen },
): void {
  useEffect(() => {
    const every = EVERY_MS[name]
    if (every === undefined) return
    const away = name === 'away'
    let unanswered = 0
    let timer: ReturnType<typeof setTimeout>
    let stopped = false
    const ask = async () => {
      const checkout = await confirmCheckout(token).catch(() => null)
      if (stopped) return
      unanswered = checkout ? 0 : unanswered + 1
      if (checkout) setView((before) => (away ? viewWhileAway(before, checkout) : viewOf(checkout, seen.current)))
      else if (unanswered >= UNANSWERED_BEFORE_GIVING_UP) return setView(() => ({ name: 'unreachable' }))
      timer = setTimeout(ask, every)
    }
    timer = setTimeout(ask, name === 'confirming' ? 0 : every)
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [token, name, setView, seen])
}

/** An order that was left open is looked at again when its reader is back: another tab may have paid it. */
export function useLookWhenBack(token: string, { name }: CheckoutView, setView: SetView): void {
  useEffect(() => {
    if (name !== 'order') return
    const look = async () => {
      if (document.visibilityState === 'hidden') return
      const checkout = await readCheckout(token).catch(() => null)
      setView((before) => viewAfterAbsence(before, checkout))
    }
    document.addEventListener('visibilitychange', look)
    addEventListener('focus', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      removeEventListener('focus', look)
    }
  }, [token, name, setView])
}
