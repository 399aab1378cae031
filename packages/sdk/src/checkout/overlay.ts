import type { CheckoutPage } from './checkout.ts'
import { listenToFrame } from './frame-messages.ts'
import { buildOverlay, type OverlayElements } from './overlay-elements.ts'
import { takeOverPage } from './take-over-page.ts'

export type OverlayEnding = 'completed' | 'canceled' | 'unresponsive'

const READY_WITHIN_MS = 8_000

/**
 * Shows a checkout over the page until the customer is done with it. `unresponsive`: the page in the frame never said
 * that it is ready, as when a policy forbids framing it, so only a redirect can help.
 */
export function showOverlay(page: CheckoutPage): Promise<OverlayEnding> {
  return new Promise((resolve) => {
    const elements = buildOverlay(embedded(page.url))
    const ended = new AbortController()
    const end = (ending: OverlayEnding) => {
      ended.abort()
      giveBack()
      resolve(ending)
    }
    const timer = setTimeout(() => end('unresponsive'), READY_WITHIN_MS)
    ended.signal.addEventListener('abort', () => clearTimeout(timer))

    const giveBack = takeOverPage(elements.host)
    elements.close.addEventListener('click', () => end('canceled'))
    elements.backdrop.addEventListener('click', () => end('canceled'))
    document.addEventListener('keydown', (event) => event.key === 'Escape' && end('canceled'), ended)
    keepFocus(elements)
    listenToFrame(elements.frame, page, ended.signal, {
      ready: () => {
        clearTimeout(timer)
        elements.panel.dataset.ready = ''
        elements.frame.focus()
      },
      resize: (height) => elements.panel.style.setProperty('--content-height', `${height}px`),
      completed: () => end('completed'),
      canceled: () => end('canceled'),
    })
    elements.close.focus()
  })
}

/** The page in the frame must know whom it may talk to. */
function embedded(url: string): string {
  const address = new URL(url)
  address.searchParams.set('embed', '1')
  address.searchParams.set('origin', location.origin)
  return address.href
}

/** The Tab key goes round inside: past the last element it starts at the first, and the other way about. */
function keepFocus({ before, after, close, frame }: OverlayElements): void {
  before.addEventListener('focus', () => frame.focus())
  after.addEventListener('focus', () => close.focus())
}
