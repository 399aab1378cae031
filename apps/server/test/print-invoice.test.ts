import fc from 'fast-check'
import { extractText, getDocumentProxy } from 'unpdf'
import { expect, test } from 'vitest'
import { partyLines } from '../src/modules/invoices/describe-invoice.ts'
import { printInvoice } from '../src/modules/invoices/print-invoice.ts'
import type { InvoicePage } from '../src/modules/invoices/read-invoice-page.ts'
import { BRAND, LAST, lineOf, pageOf, WORKED_LINES } from './invoice-samples.ts'
import { JPEG, png } from './logos.ts'

const PAGE_URL = 'https://billing.example/invoices/inv_1'

/** What stands on each page of the PDF. */
async function read(page: InvoicePage, logo: Buffer | null = null): Promise<string[]> {
  const pdf = await getDocumentProxy(new Uint8Array(await printInvoice(page, PAGE_URL, logo)))
  return (await extractText(pdf, { mergePages: false })).text
}

const readOne = async (page: InvoicePage) => (await read(page)).join('\n')

test('says who bills whom for what and when, and where to pay', async () => {
  const text = await readOne(pageOf())
  for (const fact of [
    'Persona Labs',
    'Invoice INV-000042',
    'OPEN',
    'Ada Lovelace',
    'ada@example.com',
    '26 November 2026',
    '26 Nov 2026 – 26 Dec 2026',
    'Generations: overage',
    '26 Oct 2026 – 26 Nov 2026',
    '$7.20',
    'Premium',
    '$100.00',
    'Total (USD)',
    '$107.20',
    'Amount due',
    PAGE_URL,
  ]) {
    expect(text).toContain(fact)
  }
  // The customer's id is the integrator's word: no reader knows it.
  expect(text).not.toContain('user_123')
})

test.each([
  ['with opacity', png({ width: 200, height: 50 }), 200, 50],
  ['without', png({ colour: 2 }), 64, 64],
  ['a JPEG', JPEG, 16, 16],
])('has the logo, and below who helps: %s', async (_, logo, width, height) => {
  const brand = {
    ...BRAND,
    color: '#ffdd00',
    onColor: '#000000' as const,
    colorOnLight: '#836d00',
    logo: { path: '/brand/logo', hash: '', width, height },
    supportEmail: 'help@persona.example',
    supportUrl: 'https://persona.example/help/',
    termsUrl: 'https://persona.example/terms',
  }
  const text = (await read(pageOf({}, WORKED_LINES, { brand }), logo)).join(' ').replaceAll(/\s+/g, ' ')
  expect(text).toContain('Persona Labs help@persona.example persona.example/help Terms: persona.example/terms')
})

const LONG = 'Gesellschaft für lange Firmennamen mit beschränkter Haftung und Compagnie Kommanditgesellschaft'
const BERLIN = { line1: 'Torstr. 1', line2: null, city: 'Berlin', postalCode: '10119', state: null, country: 'DE' }
const AUSTIN = { line1: '1 Main St', line2: 'Suite 5', city: 'Austin', postalCode: '78701', state: 'TX', country: 'US' }

test('names seller and buyer with address and tax id, however long they are', async () => {
  const seller = { name: 'Persona Labs GmbH', email: null, address: BERLIN, taxId: 'DE136695976' }
  const buyer = { name: LONG, email: 'ap@ada.example', address: AUSTIN, taxId: '12-3456789' }
  const text = (await readOne(pageOf({ seller, buyer }))).replaceAll(/\s+/g, ' ')
  for (const fact of [
    'From Persona Labs GmbH',
    'Torstr. 1 10119 Berlin Germany Tax ID: DE136695976',
    `Billed to ${LONG} 1 Main St Suite 5 Austin, TX 78701 United States ap@ada.example Tax ID: 12-3456789`,
    'Issued 26 November 2026',
  ]) {
    expect(text).toContain(fact)
  }
  const longest = { ...BERLIN, line1: 'x'.repeat(200), line2: 'y'.repeat(200), city: 'z'.repeat(100) }
  expect(await read(pageOf({ seller: { ...seller, address: longest } }))).toHaveLength(1)
})

test('has no place for a seller of whom nothing is known but the name above', async () => {
  expect(await readOne(pageOf())).not.toContain('From')
})

test('has days in the customer’s time zone, and names the last day of a period', async () => {
  const month = { periodStart: Date.parse('2026-10-31T23:00:00Z'), periodEnd: Date.parse('2026-11-30T23:00:00Z') }
  const text = await readOne(pageOf({ ...month, issuedAt: Date.parse('2026-11-30T23:00:00Z') }))
  expect(text).toContain('1 December 2026')
  expect(text).toContain('1 Nov 2026 – 30 Nov 2026')
})

test('adds up from the lines to what is due', async () => {
  const settled = { creditUsed: '10.00', credited: '5.00', paid: '0.00', amountDue: '114.71' }
  const tax = lineOf('VAT 21 %', '22.51')
  const text = await readOne(
    pageOf({ total: '129.71', tax: '22.51', ...settled }, WORKED_LINES, { subtotal: '107.20', tax }),
  )
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'Subtotal $107.20 VAT 21 % $22.51 Total (USD) $129.71 Account credit used −$10.00 Credit notes −$5.00 Amount due $114.71',
  )
})

test('says which credit notes there are, and why', async () => {
  const note = {
    id: '1',
    number: 'CN-000007',
    currency: 'USD',
    taxMinor: 0,
    issuedAt: Date.parse('2026-12-01T12:00:00Z'),
  }
  const creditNotes = [
    { ...note, minor: 500, reason: 'An hour without service on the last day of the month' },
    { ...note, number: 'CN-000008', minor: 250, reason: 'Goodwill '.repeat(60) },
  ]
  const text = (await readOne(pageOf({ credited: '5.00' }, WORKED_LINES, { creditNotes }))).replaceAll(/\s+/g, ' ')
  expect(text).toContain('CN-000007, 1 December 2026 $5.00 An hour without service on the last day of the month')
  expect(text).toContain('CN-000008, 1 December 2026 $2.50 Goodwill')
})

test.each([
  ['PAID', 'Settled in full. Nothing is due.'],
  ['VOID', 'This invoice is void. Nothing is due on it.'],
  ['UNCOLLECTIBLE', 'This invoice was not paid and is no longer being collected.'],
] as const)('an invoice that is %s is marked so and asks for nothing', async (status, sentence) => {
  const text = await readOne(pageOf({ status, paid: '107.20', amountDue: '0.00' }, WORKED_LINES, { payable: false }))
  expect(text).toContain(status)
  expect(text).toContain(sentence)
  expect(text).not.toContain(PAGE_URL)
})

test('one whose payment was refunded in full does not look paid', async () => {
  const refunded = { status: 'PAID', paid: '107.20', amountDue: '0.00', amountRefunded: '107.20' } as const
  const text = await readOne(pageOf(refunded, WORKED_LINES, { payable: false }))
  expect(text).toContain('REFUNDED')
  expect(text).toContain('The payment was refunded. Nothing is due.')
  expect(text.replaceAll(/\s+/g, ' ')).toContain('Paid −$107.20 Refunded $107.20 Amount due $0.00')
  const partly = await readOne(pageOf({ ...refunded, amountRefunded: '7.20' }, WORKED_LINES, { payable: false }))
  expect(partly).toContain('Settled in full.')
  expect(partly.replaceAll(/\s+/g, ' ')).toContain('Refunded $7.20')
})

test('one that owes the customer is a credit', async () => {
  const given = [lineOf('Premium (credited)', '-57.50'), lineOf('Starter', '20.00')]
  const text = await readOne(pageOf({ status: 'PAID', total: '-37.50', amountDue: '0.00' }, given, { payable: false }))
  expect(text).toContain('Credit INV-000042')
  expect(text).toContain('CREDITED')
  expect(text).toContain('This was added to your account credit.')
  expect(text.replaceAll(/\s+/g, ' ')).toContain('Total (USD) −$37.50 Added to your account credit $37.50')
  expect(text).not.toContain('Invoice')
})

test.each([
  // currency | amount | shown
  ['USD', '1234.50', '$1,234.50'],
  ['JPY', '5400', '¥5,400'],
  ['KWD', '1.250', 'KWD 1.250'],
  ['AFN', '12.50', 'AFN 12.50'],
  ['BDT', '12.50', 'BDT 12.50'],
  ['EUR', '90071992547409931.25', '€90,071,992,547,409,931.25'],
])('%s %s is written %s', async (currency, amount, shown) => {
  const zero = amount.replaceAll(/\d/g, '0')
  const none = { tax: zero, creditUsed: zero, credited: zero, paid: zero }
  const text = await readOne(pageOf({ currency, total: amount, ...none }, [lineOf('Premium', amount)]))
  expect(text.replaceAll('\u00a0', ' ')).toContain(shown)
})

test('several hundred lines flow over pages, each with its head and its number', async () => {
  const lines = Array.from({ length: 300 }, (_, index) =>
    index % 9 === 0
      ? lineOf(`Line ${index}: ${'usage of a model with a long name, '.repeat(4)}`, '1.00', LAST)
      : lineOf(`Line ${index}: usage`, '1.00'),
  )
  const pages = await read(pageOf({ total: '300.00' }, lines))
  expect(pages.length).toBeGreaterThan(9)
  for (const [index, text] of pages.entries()) {
    expect(text).toMatch(/Description\s+Quantity\s+Amount/)
    expect(text).toContain(`Page ${index + 1} of ${pages.length}`)
  }
  const all = pages.join('\n')
  expect(lines.filter((_, index) => all.split(`Line ${index}:`).length !== 2)).toEqual([])
  expect(pages.at(-1)).toMatch(/Line 298:.*Line 299:.*Total \(USD\)/s)
})

test('names of any script are written, and none makes it fail', { timeout: 120_000 }, async () => {
  const named = (name: string, merchant = name) =>
    pageOf({ buyer: { name, email: null, address: null, taxId: null } }, [lineOf(name, '107.20')], {
      merchant,
    })
  for (const name of ['Łukasz Żółć', '株式会社ヒカリ', '주식회사 한글', 'Ольга Ковальчук', 'Ελένη']) {
    expect((await readOne(named(name))).split(name)).toHaveLength(4)
  }
  expect(await readOne(named('Ada ไทย', 'ไทย'))).toContain('Ada \uFFFD')
  expect(await read(named('Ada Lovelace '.repeat(400)))).toHaveLength(1)
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (name) => {
      expect((await printInvoice(named(name), PAGE_URL)).subarray(0, 5).toString()).toBe('%PDF-')
    }),
    { numRuns: 30 },
  )
})

test('the same invoice is the same file', async () => {
  expect(await printInvoice(pageOf(), PAGE_URL)).toEqual(await printInvoice(pageOf(), PAGE_URL))
})

test('of a name that fills pages its beginning is set, on a line of its own', () => {
  const buyer = { name: `Ada\u202e\n${'x'.repeat(1_000_000)}`, email: `${'y'.repeat(1_000_000)}@a.example` }
  const lines = partyLines({ ...buyer, address: null, taxId: null })
  expect(lines.map((line) => line.length)).toEqual([300, 300])
  expect(lines[0]).toMatch(/^Ada x+…$/)
})
