import { overlayStyle } from './overlay-style.ts'

export interface OverlayElements {
  readonly host: HTMLElement
  readonly dialog: HTMLDialogElement
  readonly backdrop: HTMLElement
  readonly panel: HTMLElement
  readonly close: HTMLButtonElement
  readonly frame: HTMLIFrameElement
  /** Focus that leaves the panel by its first or last element lands on these. */
  readonly before: HTMLElement
  readonly after: HTMLElement
}

/**
 * The overlay as detached elements, in a shadow root so that the page's style and this one leave each other alone. The dialog
 * goes to the browser's top layer: above whatever the page has open, whatever its z-index.
 */
export function buildOverlay(frameUrl: string): OverlayElements {
  const host = element('div', {})
  const dialog = element('dialog', { 'aria-modal': 'true', 'aria-label': 'Checkout' })
  const backdrop = element('div', { class: 'backdrop' })
  const before = element('div', { tabindex: '0' })
  const after = element('div', { tabindex: '0' })
  const close = element('button', { type: 'button', class: 'close', 'aria-label': 'Close checkout' })
  close.textContent = '×'
  const waiting = element('p', { class: 'waiting', role: 'status' })
  waiting.textContent = 'Loading checkout…'
  // The frame is told by its address who opens it; the page's own address, which may hold secrets, is not sent along.
  const frame = element('iframe', { title: 'Checkout', allow: 'payment', referrerpolicy: 'no-referrer', src: frameUrl })
  const panel = element('div', { class: 'panel' })
  panel.append(close, waiting, frame)
  dialog.append(backdrop, before, panel, after)
  const root = host.attachShadow({ mode: 'open' })
  root.append(dialog)
  applyStyle(root)
  return { host, dialog, backdrop, panel, close, frame, before, after }
}

function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Readonly<Record<string, string>>) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

/** A constructed sheet, which a strict Content-Security-Policy allows; browsers from before 2023 get a style element. */
function applyStyle(root: ShadowRoot): void {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(overlayStyle)
    root.adoptedStyleSheets = [sheet]
    return
  }
  const style = document.createElement('style')
  style.textContent = overlayStyle
  root.append(style)
}
