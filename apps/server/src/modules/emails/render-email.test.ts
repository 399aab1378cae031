import { describe, expect, it } from 'vitest'
import type { Brand } from '../accounts/read-brand.ts'
import type { MailContent } from './mail-content.ts'
import { type Letterhead, renderEmail } from './render-email.ts'

const brand: Brand = {
  name: 'Persona',
  color: '#7c3aed',
  onColor: '#ffffff',
  colorOnLight: '#7c3aed',
  colorOnDark: '#9b6aff',
  logo: null,
  termsUrl: 'https://persona.example/terms?a=1&b=2',
  privacyUrl: null,
  supportUrl: null,
  supportEmail: 'help@persona.example',
}
const letterhead: Letterhead = { brand, publicUrl: 'https://pay.example', testMode: false, customerName: 'Ada' }
const content: MailContent = {
  subject: 'A subject',
  preview: 'A preview',
  heading: 'A heading',
  parts: [
    { kind: 'figure', label: 'Paid', value: '$1.00', sentence: 'in full' },
    { kind: 'text', text: 'A sentence.' },
    { kind: 'facts', facts: [{ label: 'Invoice', value: 'INV-1' }] },
    { kind: 'rows', rows: [{ label: 'Premium', detail: '1 Nov', amount: '$1.00', strong: false }] },
    { kind: 'button', label: 'Pay', url: 'https://pay.example/invoices/inv_1' },
  ],
}

it('says the same in plain text', () => {
  expect(renderEmail(content, letterhead).text).toBe(`A HEADING

Hello Ada,

Paid: $1.00
in full

A sentence.

Invoice: INV-1

Premium (1 Nov): $1.00

Pay:
https://pay.example/invoices/inv_1

--
Persona
help@persona.example
Terms: https://persona.example/terms?a=1&b=2

`)
})

/** All that stands between the tags. */
const shown = (html: string) =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

it('says all of it in HTML', () => {
  const { html } = renderEmail(content, letterhead)
  expect(shown(html)).toContain(
    'A heading Hello Ada, Paid $1.00 in full A sentence. Invoice INV-1 Premium 1 Nov $1.00 Pay Or open this address: https://pay.example/invoices/inv_1',
  )
  expect(html).toContain('href="https://persona.example/terms?a=1&amp;b=2"')
})

const EVIL = `"'><img src=x onerror=alert(1)>&\r\nBcc: all@example.com\u202e\u2028end`

describe('what a stranger wrote', () => {
  const evil = renderEmail(
    {
      subject: EVIL,
      preview: EVIL,
      heading: EVIL,
      parts: [
        { kind: 'figure', label: EVIL, value: EVIL, sentence: EVIL },
        { kind: 'text', text: EVIL },
        { kind: 'facts', facts: [{ label: EVIL, value: EVIL }] },
        { kind: 'rows', rows: [{ label: EVIL, detail: EVIL, amount: EVIL, strong: true }] },
        { kind: 'button', label: EVIL, url: 'https://pay.example/"><script>' },
      ],
    },
    {
      ...letterhead,
      customerName: EVIL,
      brand: { ...brand, name: EVIL, logo: { path: '/brand/"onerror=x', hash: '', width: 400, height: 100 } },
    },
  )

  it('is text between tags and within quotes', () => {
    expect(evil.html).not.toMatch(/<img src=x|<script|onerror=alert\(1\)>[^&]|"onerror/)
    expect(
      evil.html.match(/<(?!\/?(?:!doctype|html|head|meta|title|style|body|div|table|tr|td|h1|p|span|br|a|img)\b)/g),
    ).toBeNull()
  })

  it('is one line of the subject', () => {
    expect(evil.subject).not.toMatch(/[\r\n\u2028\u202e]/)
    expect(evil.subject).toContain('Bcc: all@example.com end')
  })

  it('does not turn around what follows it', () => {
    expect(shown(evil.html)).not.toContain('\u202e')
    expect(evil.text.split('\n').filter((line) => line.startsWith('Bcc:'))).toEqual([])
  })
})

it('names its subject a test in test mode, and is cut to a length that mail programs show', () => {
  const { subject } = renderEmail({ ...content, subject: 'n'.repeat(500) }, { ...letterhead, testMode: true })
  expect(subject).toMatch(/^\[Test\] n+…$/)
  expect(subject).toHaveLength(200)
})

it.each([
  ['a word', { width: 400, height: 100 }, /alt="Persona"/],
  ['a sign, with the name beside it', { width: 100, height: 100 }, /alt=""[^>]*>.*<span[^>]*>Persona<\/span>/],
])('shows a logo that is %s', (_, size, image) => {
  const logo = { path: '/brand/1/logo-2.png', hash: '2', ...size }
  const { html } = renderEmail(content, { ...letterhead, brand: { ...brand, logo } })
  expect(html).toMatch(image)
  expect(html).toContain('src="https://pay.example/brand/1/logo-2.png"')
})
