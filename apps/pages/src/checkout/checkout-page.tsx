import { useEffect, useMemo } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { LoadingView } from '../loading-view.tsx'
import { PageFrame } from '../page-frame.tsx'
import { UnreachableView } from '../unreachable-view.tsx'
import type { Checkout } from './checkout-api.ts'
import type { CheckoutView } from './checkout-view.ts'
import { type Doors, useCheckout } from './use-checkout.ts'
import { useOverlay } from './use-overlay.ts'
import { AwayView } from './views/away-view.tsx'
import { CompletedView } from './views/completed-view.tsx'
import { ConfirmingView } from './views/confirming-view.tsx'
import { OrderView } from './views/order-view.tsx'
import { ExpiredView, PendingView, RefundedView, UnknownView } from './views/problem-views.tsx'
import { forgetReturn, overlayOrigin, readVisit, type Visit } from './visit.ts'

const browserDoors: Doors = {
  leave: (url) => location.assign(url),
  openWindow: (url) => window.open(url, 'florin-payment', 'popup,width=480,height=760') !== null,
}

/** `/checkout/:token`, as a page of its own or inside an overlay. */
export function CheckoutPage({ doors = browserDoors }: { doors?: Doors }) {
  const { token = '' } = useParams()
  const [query] = useSearchParams()
  const visit = useMemo(
    () => readVisit(token, query, window.parent !== window, () => window.sessionStorage),
    [token, query],
  )
  const state = useCheckout(visit, doors)
  const checkout = 'checkout' in state.view ? state.view.checkout : null
  const origin = checkout && overlayOrigin(visit, checkout)
  const close = useOverlay(visit, state.view, origin)
  useDocumentTitle(state.view)
  useEffect(() => forgetReturn(visit, location.pathname, history), [visit])
  return (
    <PageFrame compact={visit.framed} brand={checkout?.brand} testMode={checkout?.testMode ?? false}>
      <CurrentView visit={visit} {...state} mayPay={!visit.framed || origin !== null} onClose={close} />
    </PageFrame>
  )
}

type CurrentViewProps = ReturnType<typeof useCheckout> & {
  visit: Visit
  mayPay: boolean
  onClose: (() => void) | null
}

function CurrentView({ view, visit, mayPay, onClose, pay, choose, retry, backToOrder }: CurrentViewProps) {
  const { framed } = visit
  switch (view.name) {
    case 'loading':
      return <LoadingView label="Loading your order…" />
    case 'unreachable':
      return <UnreachableView onRetry={retry} />
    case 'unknown':
      return <UnknownView />
    case 'order':
      return (
        <OrderView
          view={view}
          onPay={pay}
          onChoose={choose}
          fullPageToken={mayPay ? null : visit.token}
          onClose={onClose}
        />
      )
    case 'away':
      return <AwayView url={view.url} popupOpened={view.popupOpened} onBack={backToOrder} />
    case 'confirming':
      return <ConfirmingView checkout={view.checkout} onBack={backToOrder} />
    case 'completed':
      return <CompletedView checkout={view.checkout} justNow={view.justNow} visit={visit} />
    case 'expired':
      return <ExpiredView checkout={view.checkout} framed={framed} onClose={onClose} />
    case 'refunded':
      return <RefundedView checkout={view.checkout} framed={framed} onClose={onClose} />
    case 'pending':
      return <PendingView checkout={view.checkout} framed={framed} onClose={onClose} />
  }
}

const TITLES: Partial<Record<CheckoutView['name'], (checkout: Checkout) => string>> = {
  order: ({ title, brand }) => `${title} – ${brand.name}`,
  away: ({ brand }) => `Waiting for your payment – ${brand.name}`,
  confirming: ({ brand }) => `Confirming your payment – ${brand.name}`,
  pending: ({ brand }) => `Your bank is confirming – ${brand.name}`,
  completed: ({ brand }) => `Payment complete – ${brand.name}`,
  expired: ({ brand }) => `This order has expired – ${brand.name}`,
  refunded: ({ brand }) => `Your payment was returned – ${brand.name}`,
}

function useDocumentTitle(view: CheckoutView): void {
  const title = 'checkout' in view ? (TITLES[view.name]?.(view.checkout) ?? 'Checkout') : 'Checkout'
  useEffect(() => {
    document.title = title
  }, [title])
}
