import type { ServerResponse } from 'node:http'
import type { Database } from '../../platform/database.ts'
import { failRequest, pathOf, type Route } from '../../platform/http.ts'
import type { Log } from '../../platform/log.ts'
import { readInvoiceByToken } from './read-invoice-by-token.ts'
import { readInvoicePdf } from './read-invoice-pdf.ts'

interface PdfDeps {
  readonly database: Database
  readonly publicUrl: string
  readonly log: Log
}

/** Serves invoices as PDF, drawn when they are asked for. The token in the address is the credential. */
export function createInvoicePdfRoute({ database, publicUrl, log }: PdfDeps): Route {
  async function answer(res: ServerResponse, token: string): Promise<void> {
    try {
      const found = await readInvoiceByToken(database, token)
      if (!found) return void res.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such invoice\n')
      const { number, pdf } = await readInvoicePdf(database, publicUrl, found.project, found.invoice)
      res.writeHead(200, headersOf(number, pdf.length)).end(pdf)
    } catch (error) {
      failRequest(res, error, log)
    }
  }

  return (req, res) => {
    const token = /^\/invoices\/([\w-]+)\.pdf$/.exec(pathOf(req))?.[1]
    if (!token || (req.method !== 'GET' && req.method !== 'HEAD')) return false
    void answer(res, token)
    return true
  }
}

function headersOf(number: string, length: number) {
  return {
    'content-type': 'application/pdf',
    'content-length': length,
    'content-disposition': `inline; filename="${number}.pdf"`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    'content-security-policy': "frame-ancestors 'none'",
  }
}
