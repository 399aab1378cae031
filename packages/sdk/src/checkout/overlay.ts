import type { CheckoutPage } from './checkout.ts'
import { listenToFrame } from './frame-messages.ts'
import { buildOverlay, type OverlayElements } from './overlay-elements.ts'
import { takeOverPage } from './take-over-page.ts'

export type OverlayEnding = 'completed' | 'canceled' | 'unresponsive'

const READY_WITHIN_MS = 8_000

/**
 * Shows a checkout over the page until the customer is done with it; the focus goes back to `returnTo`. `unresponsive`: the
 * page in the frame never said that it is ready, as when a policy forbids framing it, so only a redirect can help.
 */
export function showOverlay(page: CheckoutPage, returnTo: HTMLElement | null): Promise<OverlayEnding> {
  return new Promise((resolve) => {
    const elements = buildOverlay(embedded(page.url))
    const { host, dialog, panel, frame, close, backdrop } = elements
    const ended = new AbortController()
    const { signal } = ended
    const end = (ending: OverlayEnding) => {
      if (signal.aborted) return
      ended.abort()
      clearTimeout(timer)
      giveBack()
      resolve(ending)
    }
    const timer = setTimeout(() => end('unresponsive'), READY_WITHIN_MS)
    document.addEventListener('securitypolicyviolation', (event) => forbids(event, page) && end('unresponsive'), {
      signal,
    })

    const giveBack = takeOverPage(host, dialog, returnTo)
    close.addEventListener('click', () => end('canceled'), { signal })
    backdrop.addEventListener('click', () => end('canceled'), { signal })
    // The browser's own way to close a dialog, such as Android's back gesture, comes as `cancel` or at once as `close`.
    for (const type of ['cancel', 'close']) dialog.addEventListener(type, () => end('canceled'), { signal })
    document.addEventListener('keydown', ({ key }) => key === 'Escape' && end('canceled'), { signal })
    keepFocus(elements, signal)
    listenToFrame(frame, page, signal, {
      ready: () => {
        clearTimeout(timer)
        panel.dataset.ready = ''
        frame.focus()
      },
      resize: (height) => panel.style.setProperty('--content-height', `${height}px`),
      completed: () => end('completed'),
      canceled: () => end('canceled'),
    })
    close.focus()
  })
}

/** The page in the frame must know whom it may talk to. */
function embedded(url: string): string {
  const address = new URL(url)
  address.searchParams.set('embed', '1')
  address.searchParams.set('origin', location.origin)
  return address.href
}

/** Whether the page's own policy has kept the checkout from its frame. The browser tells the origin, or the whole address. */
function forbids({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent, { url }: CheckoutPage): boolean {
  return (
    effectiveDirective === 'frame-src' && URL.canParse(blockedURI) && new URL(blockedURI).origin === new URL(url).origin
  )
}

/** The Tab key goes round inside: past the last element it starts at the first, and the other way about. */
function keepFocus({ before, after, close, frame }: OverlayElements, signal: AbortSignal): void {
  before.addEventListener('focus', () => frame.focus(), { signal })
  after.addEventListener('focus', () => close.focus(), { signal })
}
