import type { CheckoutPage } from './checkout.ts'

export interface FrameHandlers {
  ready(): void
  /** Height of the frame's content, in pixels. */
  resize(height: number): void
  completed(): void
  canceled(): void
}

const LEAST_HEIGHT = 200
const GREATEST_HEIGHT = 2_000

/**
 * Listens to the checkout in a frame until `signal` aborts. Any page may post a message to this one, so only that frame,
 * from the checkout's own origin, about this very session is believed.
 */
export function listenToFrame(
  frame: HTMLIFrameElement,
  page: CheckoutPage,
  signal: AbortSignal,
  handlers: FrameHandlers,
): void {
  const { origin } = new URL(page.url)
  const onMessage = (event: MessageEvent<unknown>) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return
    const { data } = event
    if (!isRecord(data) || data.source !== 'florin' || data.token !== page.token) return
    if (data.type === 'ready' || data.type === 'completed' || data.type === 'canceled') return handlers[data.type]()
    if (data.type === 'resize' && typeof data.height === 'number' && Number.isFinite(data.height)) {
      handlers.resize(Math.min(GREATEST_HEIGHT, Math.max(LEAST_HEIGHT, data.height)))
    }
  }
  window.addEventListener('message', onMessage, { signal })
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
