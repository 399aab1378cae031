import { escapeHtml, oneLine } from '../../platform/escape-html.ts'
import type { Brand } from '../accounts/read-brand.ts'
import type { MailContent, MailPart, MailRow } from './mail-content.ts'

export interface Letterhead {
  readonly brand: Brand
  readonly publicUrl: string
  readonly testMode: boolean
  /** How the customer is addressed; null: not by name. */
  readonly customerName: string | null
}

export interface RenderedEmail {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** A mail in both of its forms. Whatever somebody wrote in it is text: it can neither be markup nor another line of the header. */
export function renderEmail(content: MailContent, letterhead: Letterhead): RenderedEmail {
  return {
    subject: oneLine(`${letterhead.testMode ? '[Test] ' : ''}${content.subject}`),
    html: htmlOf(content, letterhead),
    text: textOf(content, letterhead),
  }
}

const greetingOf = ({ customerName }: Letterhead) => (customerName ? `Hello ${oneLine(customerName, 80)},` : 'Hello,')

interface Help {
  readonly label: string
  readonly url: string
}

function helpOf({ brand: { supportEmail, supportUrl, termsUrl, privacyUrl } }: Letterhead): Help[] {
  return [
    ...(supportUrl ? [{ label: 'Help', url: supportUrl }] : []),
    ...(supportEmail ? [{ label: supportEmail, url: `mailto:${supportEmail}` }] : []),
    ...(termsUrl ? [{ label: 'Terms', url: termsUrl }] : []),
    ...(privacyUrl ? [{ label: 'Privacy', url: privacyUrl }] : []),
  ]
}

const TEST = 'Test mode: no real money moves.'

function textOf(content: MailContent, letterhead: Letterhead): string {
  const parts = content.parts.map(textOfPart)
  const help = helpOf(letterhead).map(({ label, url }) => (url.endsWith(label) ? label : `${label}: ${url}`))
  return [
    line(content.heading).toUpperCase(),
    greetingOf(letterhead),
    ...parts,
    ['--', line(letterhead.brand.name), ...help, ...(letterhead.testMode ? [TEST] : [])].join('\n'),
    '',
  ].join('\n\n')
}

/** Whatever somebody wrote, without line breaks of its own. */
const line = (text: string) => oneLine(text, 1_000)

function textOfPart(part: MailPart): string {
  switch (part.kind) {
    case 'text':
      return line(part.text)
    case 'figure':
      return [`${line(part.label)}: ${line(part.value)}`, ...(part.sentence ? [line(part.sentence)] : [])].join('\n')
    case 'facts':
      return part.facts.map(({ label, value }) => `${line(label)}: ${line(value)}`).join('\n')
    case 'rows':
      return part.rows.map(textOfRow).join('\n')
    case 'button':
      return `${line(part.label)}:\n${part.url}`
  }
}

function textOfRow({ label, detail, amount }: MailRow): string {
  return `${line(label)}${detail ? ` (${line(detail)})` : ''}: ${line(amount)}`
}

// Mail programs know tables and styles on elements. Those that know style sheets as well get the colours of the night.
const DAY = { paper: '#f4f2ec', card: '#ffffff', well: '#faf9f6', ink: '#16201b', muted: '#5b665f', line: '#e4e1d8' }
const NIGHT = { paper: '#0e110f', card: '#171b18', well: '#1d221f', ink: '#edf2ee', muted: '#9faca4', line: '#2b322e' }
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

function htmlOf(content: MailContent, letterhead: Letterhead): string {
  const { brand } = letterhead
  const night = brand.colorOnDark
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${words(content.subject)}</title>
<style>
:root{color-scheme:light dark}
@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}.figure{font-size:28px!important}}
@media (prefers-color-scheme:dark){
.paper{background:${NIGHT.paper}!important}.card{background:${NIGHT.card}!important;border-color:${NIGHT.line}!important}
.well{background:${NIGHT.well}!important;border-color:${NIGHT.line}!important}
.ink{color:${NIGHT.ink}!important}.muted{color:${NIGHT.muted}!important}.line{border-color:${NIGHT.line}!important}
.link{color:${night}!important}.button{border-color:${night}!important}.logo{background:#ffffff!important;padding:4px 8px!important;border-radius:8px!important}
}
</style>
</head>
<body class="paper" style="margin:0;padding:0;background:${DAY.paper}">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${escapeHtml(oneLine(content.preview))}</div>
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" style="background:${DAY.paper}">
<tr><td align="center" style="padding:28px 12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px">
<tr><td class="pad" style="padding:0 8px 20px">${signOf(letterhead)}</td></tr>
<tr><td class="card pad" style="padding:32px;background:${DAY.card};border:1px solid ${DAY.line};border-radius:16px;${FONT}">
<h1 class="ink" style="margin:0 0 12px;font-size:22px;line-height:1.25;font-weight:650;color:${DAY.ink}">${words(content.heading)}</h1>
<p class="ink" dir="auto" style="${PARAGRAPH}">${words(greetingOf(letterhead))}</p>
${content.parts.map((part) => htmlOfPart(part, brand)).join('\n')}
</td></tr>
<tr><td class="pad" style="padding:20px 8px 0;${FONT}">${footerOf(letterhead)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}

const words = (text: string) => escapeHtml(line(text))
const PARAGRAPH = `margin:0 0 16px;font-size:16px;line-height:1.5;color:${DAY.ink}`
const SMALL = `font-size:13px;line-height:1.5;color:${DAY.muted}`

const SIGN = { width: 180, height: 36 }
const WORDMARK = 2

/** The logo with the name as what stands there without images; the name beside it unless it is a word itself. */
function signOf({ brand, publicUrl }: Letterhead): string {
  const name = `<span class="ink" style="${FONT};font-size:16px;font-weight:600;color:${DAY.ink}">${words(brand.name)}</span>`
  if (!brand.logo) return name
  const { path, width, height } = brand.logo
  const scale = Math.min(SIGN.width / width, SIGN.height / height)
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
  const wordmark = width >= height * WORDMARK
  const image = `<img class="${path.endsWith('.png') ? 'logo ' : ''}ink" src="${escapeHtml(publicUrl + path)}" width="${w}" height="${h}" alt="${wordmark ? words(brand.name) : ''}" style="vertical-align:middle;border:0;${FONT};font-size:16px;font-weight:600;color:${DAY.ink}">`
  return wordmark ? image : `${image}<span style="display:inline-block;width:12px"></span>${name}`
}

function htmlOfPart(part: MailPart, brand: Brand): string {
  switch (part.kind) {
    case 'text':
      return `<p class="ink" style="${PARAGRAPH}">${words(part.text)}</p>`
    case 'figure':
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 20px"><tr><td class="well" style="padding:16px 20px;background:${DAY.well};border:1px solid ${DAY.line};border-radius:12px">
<div class="muted" style="font-size:14px;line-height:1.4;color:${DAY.muted}">${words(part.label)}</div>
<div class="ink figure" style="font-size:34px;line-height:1.25;font-weight:650;letter-spacing:-0.02em;color:${DAY.ink};word-break:break-word">${words(part.value)}</div>
${part.sentence ? `<div class="muted" style="font-size:14px;line-height:1.5;color:${DAY.muted}">${words(part.sentence)}</div>` : ''}</td></tr></table>`
    case 'facts':
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px">${part.facts.map(({ label, value }) => `<tr><td class="muted" style="padding:3px 16px 3px 0;width:88px;vertical-align:top;${SMALL};font-size:14px">${words(label)}</td><td class="ink" dir="auto" style="padding:3px 0;font-size:14px;line-height:1.5;color:${DAY.ink};word-break:break-word">${words(value)}</td></tr>`).join('')}</table>`
    case 'rows':
      return `<table width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 24px;border-collapse:collapse">${part.rows.map(rowOf).join('')}</table>`
    case 'button':
      return buttonOf(part, brand)
  }
}

function rowOf({ label, detail, amount, strong }: MailRow): string {
  const weight = strong ? 'font-weight:600;' : ''
  const below = detail ? `<br><span class="muted" style="${SMALL}">${words(detail)}</span>` : ''
  const cell = `padding:10px 0;border-bottom:1px solid ${DAY.line};font-size:15px;line-height:1.45;${weight}color:${DAY.ink};vertical-align:top`
  return `<tr><td class="ink line" dir="auto" style="${cell};word-break:break-word">${words(label)}${below}</td><td class="ink line" align="right" style="${cell};padding-left:16px;white-space:nowrap">${words(amount)}</td></tr>`
}

/** A table, because links with room around them are flat in some programs; the address follows for those that show no button. */
function buttonOf(
  { label, url }: Extract<MailPart, { kind: 'button' }>,
  { color, onColor, colorOnLight }: Brand,
): string {
  const href = escapeHtml(url)
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:4px 0 14px"><tr><td class="button" bgcolor="${color}" style="border-radius:10px;background:${color};border:1px solid ${colorOnLight}"><a href="${href}" style="display:inline-block;padding:13px 24px;font-size:16px;line-height:1.25;font-weight:600;color:${onColor};text-decoration:none">${words(label)}</a></td></tr></table>
<p class="muted" style="margin:0;${SMALL}">Or open this address: <a class="link" href="${href}" style="color:${colorOnLight};word-break:break-all">${href}</a></p>`
}

function footerOf(letterhead: Letterhead): string {
  const { brand, testMode } = letterhead
  const links = helpOf(letterhead).map(
    ({ label, url }) =>
      `<a class="muted" href="${escapeHtml(url)}" style="color:${DAY.muted};text-decoration:underline">${words(label)}</a>`,
  )
  const lines = [words(brand.name), ...(links.length > 0 ? [links.join(' &nbsp; ')] : []), ...(testMode ? [TEST] : [])]
  return lines.map((line) => `<p class="muted" style="margin:0 0 4px;${SMALL}">${line}</p>`).join('\n')
}
