#!/usr/bin/env tsx
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { createStripeSandbox } from './index.ts'

const USAGE = `Usage: stripe-sandbox [options]
  --port <number>            default 12111
  --host <address>           default 127.0.0.1
  --public-url <origin>      default http://<host>:<port>
  --secret-key <sk_test_…>   default: any sk_test_ key
  --state-file <path>        default: state is kept in memory
  --webhook-url <url>        with --webhook-secret: where events go
  --webhook-secret <whsec_…>`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '12111' },
    host: { type: 'string', default: '127.0.0.1' },
    'public-url': { type: 'string' },
    'secret-key': { type: 'string' },
    'state-file': { type: 'string' },
    'webhook-url': { type: 'string' },
    'webhook-secret': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const { 'secret-key': secretKey, 'state-file': stateFile, 'webhook-url': url, 'webhook-secret': secret } = values
const port = Number(values.port)
if (values.help || !Number.isInteger(port) || (url === undefined) !== (secret === undefined)) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 1)
}

const publicUrl = values['public-url'] ?? `http://${values.host}:${port}`
const sandbox = createStripeSandbox({
  publicUrl,
  ...(secretKey !== undefined && { secretKey }),
  ...(stateFile !== undefined && { stateFile }),
  ...(url !== undefined && secret !== undefined && { webhook: { url, secret } }),
})

const server = createServer((request, response) => {
  if (!sandbox.handle(request, response)) response.writeHead(404).end('Not found\n')
})
server.listen(port, values.host, () => console.log(`Stripe sandbox at ${publicUrl}`))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close()
    server.closeAllConnections()
    void sandbox.close().then(() => process.exit(0))
  })
}
