/** The element that has the focus, also inside of shadow roots. */
export function focusedElement(): HTMLElement | null {
  let focused: Element | null = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused instanceof HTMLElement ? focused : null
}

/**
 * Puts the dialog in `host` over the page: nothing behind it scrolls, moves or takes focus. The function it returns removes
 * the host and gives everything back as it was, the focus to `returnTo`.
 */
export function takeOverPage(host: HTMLElement, dialog: HTMLDialogElement, returnTo: HTMLElement | null): () => void {
  const behind = [...document.body.children].filter((child) => !child.hasAttribute('inert'))
  for (const child of behind) child.setAttribute('inert', '')
  const unlock = lockScrolling()
  document.body.append(host)
  if ('showModal' in dialog) dialog.showModal()
  else (dialog as HTMLElement).setAttribute('open', '')
  return () => {
    if ('close' in dialog) dialog.close()
    host.remove()
    unlock()
    for (const child of behind) child.removeAttribute('inert')
    if (returnTo) giveFocus(returnTo)
  }
}

const FRAMES = 90

/**
 * A button is often switched off until the checkout has ended, and can take the focus a moment after that. Unless something
 * else has taken it by then.
 */
function giveFocus(to: HTMLElement, frames = FRAMES, before = focusedElement()): void {
  if (focusedElement() !== before || frames === 0) return
  if (to.matches(':disabled')) requestAnimationFrame(() => giveFocus(to, frames - 1, before))
  else if (to.isConnected) to.focus({ preventScroll: true })
}

/** Either of the two may be what scrolls. The room of a scrollbar that goes is kept free, so that nothing moves. */
function lockScrolling(): () => void {
  const page = document.documentElement
  const { style } = document.body
  const before = { page: page.style.overflow, body: style.overflow, padding: style.paddingRight }
  const width = page.clientWidth
  const padding = Number.parseFloat(getComputedStyle(document.body).paddingRight) || 0
  page.style.overflow = 'hidden'
  style.overflow = 'hidden'
  const wider = page.clientWidth - width
  if (wider > 0) style.paddingRight = `${padding + wider}px`
  return () => {
    page.style.overflow = before.page
    style.overflow = before.body
    style.paddingRight = before.padding
  }
}
