import { useCallback, useEffect, useRef, useState } from 'react'
import { RequestFailed } from '../graphql-request.ts'
import { useReloadOnBack } from '../use-reload-on-back.ts'
import { type Checkout, confirmCheckout, type Payment, payCheckout, readCheckout } from './checkout-api.ts'
import { type CheckoutView, orderView, type Seen, viewOf } from './checkout-view.ts'
import { useFollowPayment, useLookWhenBack } from './use-follow-payment.ts'
import { useQuantity } from './use-quantity.ts'
import type { Visit } from './visit.ts'

/** The two ways to a provider's page. `openWindow` tells whether the browser let a window open. */
export type Doors = { leave: (url: string) => void; openWindow: (url: string) => boolean }

/** The whole life of one checkout on this page: load, choose a number, pay, follow the payment until it is settled. */
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

  // Whoever comes back to a page that was left is told how things stand, not what has just happened.
  const reload = useCallback(() => {
    seen.current = 'nothing'
    return load()
  }, [load])

  useEffect(() => void load(), [load])
  useReloadOnBack(reload)
  useFollowPayment(token, view, setView, seen)
  useLookWhenBack(token, view, setView)
  const choose = useQuantity(token, view, setView, reload)

  async function pay(payment: Payment): Promise<void> {
    if (busy.current || view.name !== 'order' || view.wanted) return
    const { checkout } = view
    busy.current = true
    setView(orderView(checkout, { paying: payment.method }))
    try {
      const step = await payCheckout(token, payment, checkout.dueNow.amount)
      if (step.__typename === 'CheckoutDone') setView(viewOf(step.checkout, step.already ? 'nothing' : 'paid'))
      else if (step.__typename === 'PaymentFailed') setView(orderView(checkout, { failure: step }))
      else if (visit.framed && !step.frameable)
        setView({ name: 'away', checkout, url: step.url, popupOpened: doors.openWindow(step.url) })
      else doors.leave(step.url)
    } catch (error) {
      await lookAfter(error, checkout)
    } finally {
      busy.current = false
    }
  }

  /** No answer is not a refusal: the payment may have been made. Asking tells. */
  async function lookAfter(error: unknown, checkout: Checkout): Promise<void> {
    const refused = error instanceof RequestFailed && error.code === 'CONFLICT'
    seen.current = refused ? 'refused' : 'no-answer'
    const current = refused ? await confirmCheckout(token).catch(() => null) : null
    setView(current ? viewOf(current, seen.current) : { name: 'confirming', checkout })
  }

  const backToOrder = () => {
    if (view.name === 'away' || view.name === 'confirming') setView(orderView(view.checkout))
  }
  return { view, pay, choose, retry: load, backToOrder }
}
