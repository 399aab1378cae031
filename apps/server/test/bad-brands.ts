import type { BadInput } from './bad-inputs.ts'
import { chunk, dataUrl, JPEG, png } from './logos.ts'

// Brands that nobody can set, and what whoever tries is told.

export const SET_BRAND = `mutation ($input: BrandInput!) { setBrand(input: $input) {
  name logoUrl color onColor colorOnLight colorOnDark termsUrl privacyUrl supportUrl supportEmail } }`

const SET_EMAIL_SETTINGS = `mutation ($input: EmailSettingsInput!) { setEmailSettings(input: $input) { kinds replyTo } }`

const mailing = (input: object, fault: string): BadInput => ({
  document: SET_EMAIL_SETTINGS,
  variables: { input },
  fault: `INVALID_INPUT ${fault}`,
})

const branding = (input: object, field: string): BadInput => ({
  document: SET_BRAND,
  variables: { input },
  fault: `INVALID_INPUT ${field}`,
})
const logo = (text: string): BadInput => branding({ logo: text }, 'logo')

const broken = png()
broken[40] = (broken[40] as number) ^ 1

export const BAD_BRANDS: Readonly<Record<string, BadInput>> = {
  'setEmailSettings: an unknown kind': mailing({ kinds: ['WELCOME'] }, 'kinds.0'),
  'setEmailSettings: a kind twice': mailing({ kinds: ['RECEIPT', 'RECEIPT'] }, 'kinds'),
  'setEmailSettings: no address': mailing({ replyTo: 'nobody' }, 'replyTo'),
  'setEmailSettings: an address with a header': mailing({ replyTo: 'a@example.com\r\nBcc: b@c.de' }, 'replyTo'),
  'setBrand: an empty name': branding({ name: '' }, 'name'),
  'setBrand: a name of spaces': branding({ name: '   ' }, 'name'),
  'setBrand: a name of 81 characters': branding({ name: 'n'.repeat(81) }, 'name'),
  'setBrand: a name with a line break': branding({ name: 'Persona\r\nBcc: all@example.com' }, 'name'),
  'setBrand: a name that turns text around': branding({ name: 'Persona\u202e' }, 'name'),
  'setBrand: a name with a NUL': branding({ name: 'a\u0000' }, 'name'),
  'setBrand: a colour by name': branding({ color: 'red' }, 'color'),
  'setBrand: a colour of three digits': branding({ color: '#abc' }, 'color'),
  'setBrand: a colour that is a style sheet': branding({ color: '#aabbcc;}*{display:none' }, 'color'),
  'setBrand: terms by http': branding({ termsUrl: 'http://example.com/terms' }, 'termsUrl'),
  'setBrand: terms that are a script': branding({ termsUrl: 'javascript:alert(1)' }, 'termsUrl'),
  'setBrand: privacy without a host': branding({ privacyUrl: 'example.com/privacy' }, 'privacyUrl'),
  'setBrand: support with a password': branding({ supportUrl: 'https://a:b@example.com' }, 'supportUrl'),
  'setBrand: support of 501 characters': branding(
    { supportUrl: `https://example.com/${'a'.repeat(481)}` },
    'supportUrl',
  ),
  'setBrand: no e-mail address': branding({ supportEmail: 'help' }, 'supportEmail'),
  'setBrand: two e-mail addresses': branding({ supportEmail: 'a@example.com, b@example.com' }, 'supportEmail'),
  'setBrand: an e-mail address with a header': branding(
    { supportEmail: 'a@example.com\r\nBcc: b@c.de' },
    'supportEmail',
  ),
  'setBrand: a logo by its address': logo('https://example.com/logo.png'),
  'setBrand: an SVG': logo(dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml')),
  'setBrand: an SVG that says it is a PNG': logo(dataUrl(Buffer.from('<svg onload="alert(1)"/>'))),
  'setBrand: a page that says it is a JPEG': logo(dataUrl(Buffer.from('<!doctype html>'), 'image/jpeg')),
  'setBrand: a GIF': logo(dataUrl(Buffer.from('GIF89a\u0001\u0000\u0001\u0000', 'latin1'), 'image/gif')),
  'setBrand: a logo of 256 kB and a byte': logo(dataUrl(Buffer.concat([png(), Buffer.alloc(262_145)]))),
  'setBrand: a logo that is broken': logo(dataUrl(broken)),
  'setBrand: a logo that is cut off': logo(dataUrl(png().subarray(0, -12))),
  'setBrand: a logo with a page behind it': logo(dataUrl(Buffer.concat([png(), Buffer.from('<script>')]))),
  'setBrand: a logo that promises more rows': logo(dataUrl(png({ rows: 63 }))),
  'setBrand: a logo that unpacks to more': logo(dataUrl(png({ rows: 4_000 }))),
  'setBrand: a logo with an unknown filter': logo(dataUrl(png({ filter: 5 }))),
  'setBrand: a logo with opacity twice': logo(dataUrl(png({ more: [chunk('tRNS', Buffer.alloc(2))] }))),
  'setBrand: a logo that moves': logo(dataUrl(png({ more: [chunk('acTL', Buffer.alloc(8))] }))),
  'setBrand: an interlaced logo': logo(dataUrl(png({ interlaced: true }))),
  'setBrand: a logo of 15 pixels': logo(dataUrl(png({ width: 15 }))),
  'setBrand: a logo of 1025 pixels': logo(dataUrl(png({ height: 1025 }))),
  'setBrand: a JPEG that is cut off': logo(dataUrl(JPEG.subarray(0, 100), 'image/jpeg')),
}
