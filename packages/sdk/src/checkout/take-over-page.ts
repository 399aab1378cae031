/**
 * Puts `host` over the page: nothing behind it scrolls or takes focus. The function it returns removes the host and gives
 * back scrolling and focus as they were.
 */
export function takeOverPage(host: HTMLElement): () => void {
  const focused = document.activeElement
  const { style } = document.body
  const overflow = style.overflow
  const behind = [...document.body.children].filter((child) => !child.hasAttribute('inert'))

  for (const child of behind) child.setAttribute('inert', '')
  style.overflow = 'hidden'
  document.body.append(host)
  return () => {
    host.remove()
    style.overflow = overflow
    for (const child of behind) child.removeAttribute('inert')
    if (focused instanceof HTMLElement) focused.focus()
  }
}
