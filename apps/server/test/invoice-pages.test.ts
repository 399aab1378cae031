import { extractText } from 'unpdf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoiceToken } from '../src/modules/invoices/link-invoice.ts'
import { readInvoiceByToken } from '../src/modules/invoices/read-invoice-by-token.ts'
import { dataOf, recordUsage } from './calls.ts'
import { newestInvoice } from './invoice-links.ts'
import { advanceToPeriodEnd, start, subscriptionOf } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

test('an invoice has a page and a PDF, whose token opens it and no other', async () => {
  await start(stack, 'linked', 'premium')
  const { number, token, pageUrl, pdfUrl } = await newestInvoice(stack, 'linked')
  expect(pageUrl).toMatch(new RegExp(`^${stack.url}/invoices/inv_[0-9a-f]{32}_[\\w-]{43}$`))
  expect(pdfUrl).toBe(`${pageUrl}.pdf`)
  const opened = await readInvoiceByToken(stack.database, token)
  expect(opened).toMatchObject({ invoice: { number }, project: { id: stack.project.id } })
})

test('an invoice that is not issued yet has neither', async () => {
  await start(stack, 'early', 'premium')
  const { id } = await subscriptionOf(stack, 'early')
  const document = `query ($id: ID!) { upcomingInvoice(subscriptionId: $id) { status pageUrl pdfUrl } }`
  const { upcomingInvoice } = await dataOf(stack.query<{ upcomingInvoice: object }>(document, { id }))
  expect(upcomingInvoice).toEqual({ status: 'DRAFT', pageUrl: null, pdfUrl: null })
})

test('a token that is altered, cut, of a checkout or of another project opens nothing', async () => {
  await start(stack, 'guarded', 'starter')
  const { token } = await newestInvoice(stack, 'guarded')
  const id = (await readInvoiceByToken(stack.database, token))?.invoice.id as string
  const other = await stack.addProject('SANDBOX')
  const last = token.endsWith('A') ? 'B' : 'A'
  const forged = {
    altered: `${token.slice(0, -1)}${last}`,
    cut: token.slice(0, -1),
    'of another invoice': token.replace(/^inv_[0-9a-f]{32}/, `inv_${'0'.repeat(32)}`),
    'of a checkout': token.replace('inv_', 'cs_'),
    'of another project': invoiceToken(other.project, id),
    'no token': '',
  }
  for (const [what, attempt] of Object.entries(forged)) {
    expect(await readInvoiceByToken(stack.database, attempt), what).toBeNull()
    expect((await askInvoice(attempt)).data, what).toEqual({ invoice: null })
  }
})

const PAGE = `merchant testMode customerId customerName customerEmail timezone subtotal payable
  items { description amount } tax { description amount } invoice { number status total amountDue creditUsed paid }`

async function upsert(input: object): Promise<void> {
  const document = `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`
  await dataOf(stack.query(document, { input }))
}

/** Asks as a browser does that has nothing but the address. */
function askInvoice(token: string) {
  const document = `query ($token: String!) { invoice(token: $token) { ${PAGE} } }`
  return stack.query<{ invoice: object | null }>(document, { token }, null)
}

test('the page shows what was billed to whom, and how it was settled', async () => {
  await start(stack, 'shown', 'premium')
  await upsert({ id: 'shown', name: 'Ada Lovelace', email: 'ada@example.com', timezone: 'Europe/Madrid' })
  await recordUsage(stack, [{ customerId: 'shown', idempotencyKey: 'all', value: '113' }])
  await advanceToPeriodEnd(stack, 'shown')
  const { token, number } = await newestInvoice(stack, 'shown')
  expect((await askInvoice(token)).data?.invoice).toEqual({
    merchant: 'Tests',
    testMode: true,
    customerId: 'shown',
    customerName: 'Ada Lovelace',
    customerEmail: 'ada@example.com',
    timezone: 'Europe/Madrid',
    items: [expect.objectContaining({ amount: '7.20' }), { description: 'Premium', amount: '100.00' }],
    subtotal: '107.20',
    tax: null,
    payable: false,
    invoice: { number, status: 'PAID', total: '107.20', amountDue: '0.00', creditUsed: '0.00', paid: '107.20' },
  })
})

test('tax is told apart from what was bought', async () => {
  await upsert({ id: 'taxed', taxRate: { name: 'VAT', percent: '21' } })
  await start(stack, 'taxed', 'starter')
  const { token } = await newestInvoice(stack, 'taxed')
  expect((await askInvoice(token)).data?.invoice).toMatchObject({
    items: [{ description: 'Starter', amount: '20.00' }],
    subtotal: '20.00',
    tax: { description: 'VAT 21 %', amount: '4.20' },
    invoice: { total: '24.20' },
  })
})

test('the page stands in no frame, and without JavaScript there is the PDF', async () => {
  await start(stack, 'framed', 'premium')
  const { pageUrl, token } = await newestInvoice(stack, 'framed')
  const response = await fetch(pageUrl)
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(response.headers.get('cache-control')).toBe('no-store')
  const html = await response.text()
  expect(html).toContain('<title>Invoice</title>')
  expect(html).toContain(`href="/invoices/${token}.pdf"`)
})

test('the PDF is served under its number, to be kept by nobody in between', async () => {
  await start(stack, 'printed', 'premium')
  const { pdfUrl, number, pageUrl } = await newestInvoice(stack, 'printed')
  const response = await fetch(pdfUrl)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${number}.pdf"`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  const { text } = await extractText(new Uint8Array(await response.arrayBuffer()), { mergePages: true })
  for (const fact of [number, 'PAID', '$100.00', 'Tests', 'printed', 'Test mode']) expect(text).toContain(fact)
  expect((await fetch(pdfUrl, { method: 'HEAD' })).status).toBe(200)
  expect((await fetch(`${pageUrl.slice(0, -1)}_.pdf`)).status).toBe(404)
})
