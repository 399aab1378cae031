import { useCallback, useEffect, useRef } from 'react'
import { RequestFailed } from '../graphql-request.ts'
import { changeCheckout } from './checkout-api.ts'
import { type CheckoutView, orderView, type Wanted } from './checkout-view.ts'

/** Several clicks in a row are one wish. */
const SETTLES_AFTER_MS = 350

/**
 * Chooses a number: at once on the screen, a moment later on the server. Nothing can be paid in between. A refusal leaves the
 * order as it was; what is paid or gone in the meantime is read afresh.
 */
export function useQuantity(
  token: string,
  view: CheckoutView,
  setView: (next: (before: CheckoutView) => CheckoutView) => void,
  reload: () => void,
): (wanted: Wanted) => void {
  const wanted = view.name === 'order' ? view.wanted : null
  const bundle = view.name === 'order' ? view.checkout.bundle : null
  const latest = useRef<Wanted | null>(null)
  latest.current = wanted

  useEffect(() => {
    if (!wanted) return
    const isLatest = () => latest.current === wanted
    const timer = setTimeout(async () => {
      try {
        const checkout = await changeCheckout(token, { bundle }, wanted)
        if (isLatest()) setView(() => orderView(checkout))
      } catch (error) {
        if (!isLatest()) return
        const code = error instanceof RequestFailed ? error.code : null
        if (code === 'CONFLICT' || code === 'NOT_FOUND') return reload()
        setView((before) =>
          before.name === 'order' ? orderView(before.checkout, { refusal: refusalOf(code) }) : before,
        )
      }
    }, SETTLES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [token, wanted, bundle, setView, reload])

  return useCallback(
    (next) =>
      setView((before) =>
        before.name === 'order' && !before.paying ? orderView(before.checkout, { wanted: next }) : before,
      ),
    [setView],
  )
}

function refusalOf(code: string | null): string {
  return code === 'INVALID_INPUT'
    ? 'That is more than can be paid by card at once. Please choose fewer.'
    : 'The number could not be changed: please check your connection and try again.'
}
