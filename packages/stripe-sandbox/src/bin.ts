#!/usr/bin/env node
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { createStripeSandbox, type StripeSandbox, type WebhookEndpoint } from './index.ts'

const USAGE = `Usage: stripe-sandbox [options]

A local server that speaks the part of Stripe's API that a billing system needs.

  --port <number>            default 12111; 0 for any free port
  --host <address>           default 127.0.0.1
  --public-url <origin>      default http://<host>:<port>; Checkout pages are below it
  --secret-key <sk_test_…>   default: any sk_test_ key
  --account-id <acct_…>      default acct_1StripeSandbox00
  --state-file <path>        default: state is kept in memory
  --webhook-url <url>        with --webhook-secret: where events go; both may be
  --webhook-secret <whsec_…>   repeated, for several endpoints
  --debit-seconds <number>   how long banks take for SEPA debits; default 3
  --help

Point an SDK at it with any sk_test_ key:
  new Stripe('sk_test_x', { host: '127.0.0.1', port: 12111, protocol: 'http' })
`

function fail(message: string): never {
  console.error(`stripe-sandbox: ${message}\n\n${USAGE}`)
  process.exit(1)
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '12111' },
        host: { type: 'string', default: '127.0.0.1' },
        'public-url': { type: 'string' },
        'secret-key': { type: 'string' },
        'account-id': { type: 'string' },
        'state-file': { type: 'string' },
        'webhook-url': { type: 'string', multiple: true, default: [] },
        'webhook-secret': { type: 'string', multiple: true, default: [] },
        'debit-seconds': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** A whole number of an option. */
function numberOf(name: string, value: string, max: number): number {
  if (/^\d{1,9}$/.test(value) && Number(value) <= max) return Number(value)
  return fail(`--${name} must be a whole number from 0 to ${max}`)
}

function endpointsOf(urls: readonly string[], secrets: readonly string[]): WebhookEndpoint[] {
  if (urls.length !== secrets.length) fail('each --webhook-url needs a --webhook-secret')
  return urls.map((url, index) => {
    if (!URL.canParse(url)) fail(`--webhook-url is not an address: ${url}`)
    return { url, secret: secrets[index] ?? '' }
  })
}

const values = readOptions()
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const port = numberOf('port', values.port, 65_535)
const webhook = endpointsOf(values['webhook-url'], values['webhook-secret'])
const { 'secret-key': secretKey, 'account-id': accountId, 'state-file': stateFile, 'debit-seconds': debit } = values
const debitSeconds = debit === undefined ? undefined : numberOf('debit-seconds', debit, 86_400)

let sandbox: StripeSandbox | undefined
const server = createServer((request, response) => {
  if (!sandbox?.handle(request, response)) response.writeHead(404).end('Not found\n')
})
server.on('error', (error) => fail(error.message))
server.listen(port, values.host, () => {
  const publicUrl = values['public-url'] ?? `http://${values.host}:${(server.address() as AddressInfo).port}`
  sandbox = createStripeSandbox({
    publicUrl,
    webhook,
    ...(secretKey !== undefined && { secretKey }),
    ...(accountId !== undefined && { accountId }),
    ...(stateFile !== undefined && { stateFile }),
    ...(debitSeconds !== undefined && { debitSeconds }),
  })
  console.log(`Stripe sandbox at ${publicUrl}`)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close()
    server.closeAllConnections()
    void sandbox?.close().then(() => process.exit(0))
  })
}
