import { useCallback, useEffect, useRef, useState } from 'react'
import { useReloadOnBack } from '../use-reload-on-back.ts'
import { type CheckoutMethod, confirmCheckout, payCheckout, readCheckout } from './checkout-api.ts'
import { type CheckoutView, orderView, type Seen, viewOf, viewWhileAway } from './checkout-view.ts'
import type { Visit } from './visit.ts'

/** The two ways to a provider's page. `openWindow` tells whether the browser let a window open. */
export type Doors = { leave: (url: string) => void; openWindow: (url: string) => boolean }

const CONFIRM_EVERY_MS = 1000
const LOOK_WHILE_AWAY_EVERY_MS = 1500
const UNANSWERED_BEFORE_GIVING_UP = 5

/** The whole life of one checkout on this page: load, pay, follow the payment until it is settled. */
export function useCheckout(visit: Visit, doors: Doors) {
  const { token } = visit
  const [view, setView] = useState<CheckoutView>({ name: 'loading' })
  const seen = useRef<Seen>(visit.returned ?? 'nothing')
  const busy = useRef(false)

  const load = useCallback(async () => {
    setView({ name: 'loading' })
    try {
      const checkout = await readCheckout(token)
      const news = checkout?.status === 'PROCESSING' || (checkout?.status === 'OPEN' && seen.current !== 'nothing')
      setView(checkout && news ? { name: 'confirming', checkout } : viewOf(checkout, seen.current))
    } catch {
      setView({ name: 'unreachable' })
    }
  }, [token])

  useEffect(() => void load(), [load])
  useReloadOnBack(load)
  useFollowPayment(token, view, setView, seen)

  async function pay(method: CheckoutMethod): Promise<void> {
    if (busy.current || view.name !== 'order') return
    const { checkout } = view
    busy.current = true
    setView(orderView(checkout, { paying: method }))
    try {
      const step = await payCheckout(token, method)
      if (step.__typename === 'CheckoutDone') setView(viewOf(step.checkout, 'paid'))
      else if (step.__typename === 'PaymentFailed') setView(orderView(checkout, { failure: step }))
      else if (visit.framed && !step.frameable)
        setView({ name: 'away', checkout, url: step.url, popupOpened: doors.openWindow(step.url) })
      else doors.leave(step.url)
    } catch {
      // No answer is not a refusal: the payment may have been made. Asking tells.
      seen.current = 'no-answer'
      setView({ name: 'confirming', checkout })
    } finally {
      busy.current = false
    }
  }

  const backToOrder = () => {
    if (view.name === 'away' || view.name === 'confirming') setView(orderView(view.checkout))
  }
  return { view, pay, retry: load, backToOrder }
}

/** Asks for the outcome, again and again, for as long as one is outstanding. */
function useFollowPayment(
  token: string,
  view: CheckoutView,
  setView: (next: (before: CheckoutView) => CheckoutView) => void,
  seen: { readonly current: Seen },
): void {
  const away = view.name === 'away'
  const outstanding = away || view.name === 'confirming'
  useEffect(() => {
    if (!outstanding) return
    const every = away ? LOOK_WHILE_AWAY_EVERY_MS : CONFIRM_EVERY_MS
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
    timer = setTimeout(ask, away ? every : 0)
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [token, outstanding, away, setView, seen])
}
