import type { Style } from '../../platform/typeset.ts'
import { INK, LABEL, MUTED, PAGE, type Sheet } from './sheet.ts'

// The seller on a document: above, who it is from; below, who helps.

/** The box that a logo is fitted into. */
const LOGO = { width: 170, height: 36 }
/** From this width on, for its height, a logo is a word that says the name itself. */
const WORDMARK = 2

/** Who it is from, and what it is. */
export function drawLetterhead(sheet: Sheet): void {
  const { type, page, text } = sheet
  const { top, left, right } = PAGE
  const name: Style = { size: 13, weight: 'semibold', color: INK }
  const beside = drawSign(sheet)
  if (beside !== null) type.write(type.clip(page.merchant, name, 290), { x: left + beside, y: top + 20.5 }, name)
  type.write(text.title, { x: right, y: top + 17, align: 'right' }, { ...name, size: 23 })
  type.write(page.invoice.number, { x: right, y: top + 34, align: 'right' }, { size: 10, color: MUTED })
  sheet.y = top + 80
}

/** The logo, or the initial. Answers where the name follows; null: the logo is the name. */
function drawSign({ doc, type, page, logo }: Sheet): number | null {
  const { top, left } = PAGE
  const { brand, merchant } = page
  if (brand.logo && logo) {
    const { width, height } = brand.logo
    const scale = Math.min(LOGO.width / width, LOGO.height / height)
    doc.image(logo, left, top + 16 - (height * scale) / 2, { width: width * scale, height: height * scale })
    return width >= height * WORDMARK ? null : width * scale + 11
  }
  const initial = merchant.match(/\p{L}\p{M}*|\p{N}/u)?.[0] ?? ''
  doc.roundedRect(left, top, 32, 32, 9).lineWidth(0.75).fillAndStroke(brand.color, brand.onColor)
  type.write(
    initial,
    { x: left + 16, y: top + 21, align: 'center' },
    { size: 14, weight: 'semibold', color: brand.onColor },
  )
  return 43
}

interface Part {
  readonly text: string
  readonly url: string | null
}

/** On each page: the seller and where help is, with addresses that can be read on paper; what it is, and the page. */
export function drawFooters(sheet: Sheet): void {
  const { doc, type, page, text } = sheet
  const { count } = doc.bufferedPageRange()
  const test = page.testMode ? ' · Test mode: no real money moves' : ''
  const what = `${text.title} ${page.invoice.number}${test}`
  for (let index = 0; index < count; index++) {
    doc.switchToPage(index)
    drawHelp(sheet)
    type.write(what, { x: PAGE.left, y: PAGE.footer }, LABEL)
    if (count > 1) type.write(`Page ${index + 1} of ${count}`, { x: PAGE.right, y: PAGE.footer, align: 'right' }, LABEL)
  }
}

const GAP = 14

function drawHelp({ doc, type, page: { brand } }: Sheet): void {
  const { name, supportEmail, supportUrl, termsUrl } = brand
  const address = (url: string) => url.replace(/^https?:\/\//, '').replace(/\/$/, '')
  const parts: Part[] = [
    ...(supportEmail ? [{ text: supportEmail, url: `mailto:${supportEmail}` }] : []),
    ...(supportUrl ? [{ text: address(supportUrl), url: supportUrl }] : []),
    ...(termsUrl ? [{ text: `Terms: ${address(termsUrl)}`, url: termsUrl }] : []),
  ]
  if (parts.length === 0 && brand.logo === null) return
  const y = PAGE.footer - 13
  let x = PAGE.left
  for (const { text, url } of [{ text: name, url: null }, ...parts]) {
    const shown = type.clip(text, LABEL, 230)
    const width = type.width(shown, LABEL)
    if (x + width > PAGE.right) return
    type.write(shown, { x, y }, LABEL)
    if (url) doc.link(x, y - 9, width, 12, url)
    x += width + GAP
  }
}
