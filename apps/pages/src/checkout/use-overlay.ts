import { useCallback, useEffect, useRef } from 'react'
import type { CheckoutView } from './checkout-view.ts'
import type { Visit } from './visit.ts'

export type OverlayMessage = {
  source: 'florin'
  type: 'ready' | 'completed' | 'canceled' | 'resize'
  token: string
  height?: number
}

const CARD_FORM_HEIGHT = 820

/**
 * Tells the page around the frame what happens in here, and only if `origin` is one to be trusted. Answers how to close the
 * overlay; null where there is none that listens.
 */
export function useOverlay(visit: Visit, view: CheckoutView, origin: string | null): (() => void) | null {
  const { token } = visit
  const connected = visit.framed && origin !== null
  const completed = view.name === 'completed'
  const post = useRef((_type: OverlayMessage['type'], _height?: number) => {})
  post.current = (type, height) => {
    if (!connected) return
    const message: OverlayMessage = { source: 'florin', type, token, ...(height !== undefined && { height }) }
    window.parent.postMessage(message, origin)
  }

  useEffect(() => {
    if (connected) post.current('ready')
  }, [connected])

  useEffect(() => {
    if (connected && completed) post.current('completed')
  }, [connected, completed])

  // The provider's page, about to load in this frame, tells nobody how tall its form is.
  const leaving = view.name === 'order' && view.paying === 'NEW_CARD'
  useEffect(() => {
    if (connected && leaving) post.current('resize', CARD_FORM_HEIGHT)
  }, [connected, leaving])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && post.current('canceled')
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])

  useEffect(() => {
    const page = document.getElementById('root')
    if (!connected || !page) return
    const observer = new ResizeObserver(() => post.current('resize', Math.ceil(page.getBoundingClientRect().height)))
    observer.observe(page)
    return () => observer.disconnect()
  }, [connected])

  const close = useCallback(() => post.current('canceled'), [])
  return connected ? close : null
}
