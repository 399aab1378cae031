import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoiceToken } from '../src/modules/invoices/link-invoice.ts'
import { readInvoiceByToken } from '../src/modules/invoices/read-invoice-by-token.ts'
import { dataOf } from './calls.ts'
import { start } from './living.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

interface Links {
  readonly number: string
  readonly pageUrl: string
  readonly pdfUrl: string
}

async function newestInvoice(customerId: string): Promise<Links> {
  const document = `query ($id: ID!) { invoices(customerId: $id, first: 1) { nodes { number pageUrl pdfUrl } } }`
  const { invoices } = await dataOf(stack.query<{ invoices: { nodes: Links[] } }>(document, { id: customerId }))
  return invoices.nodes[0] as Links
}

const tokenIn = ({ pageUrl }: Links) => pageUrl.split('/').at(-1) as string

test('an invoice has a page and a PDF, whose token opens it and no other', async () => {
  await start(stack, 'linked', 'premium')
  const links = await newestInvoice('linked')
  expect(links.pageUrl).toMatch(new RegExp(`^${stack.url}/invoices/inv_[0-9a-f]{32}_[\\w-]{43}$`))
  expect(links.pdfUrl).toBe(`${links.pageUrl}.pdf`)
  const opened = await readInvoiceByToken(stack.database, tokenIn(links))
  expect(opened).toMatchObject({ invoice: { number: links.number }, project: { id: stack.project.id } })
})

test('a token that is altered, cut, of a checkout or of another project opens nothing', async () => {
  await start(stack, 'guarded', 'starter')
  const token = tokenIn(await newestInvoice('guarded'))
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
  }
})
