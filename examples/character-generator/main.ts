import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { build } from 'vite'
import { createApp } from './server/app.ts'
import { connectBilling } from './server/billing.ts'

// npm start, then in another terminal: npx tsx examples/character-generator/main.ts

const { FLORIN_HOME = join(import.meta.dirname, '../../.florin'), PORT = '5101' } = process.env
const florin = readReadyFile(join(FLORIN_HOME, 'ready.json'))
const billing = connectBilling(florin.graphqlUrl, florin.secretKey)
await billing
  .publish()
  .catch((error: Error) => end(`Florin at ${florin.graphqlUrl} does not answer as it should: ${error.message}`))

await build({ root: import.meta.dirname, logLevel: 'warn' })
const app = createApp({
  billing,
  florinUrl: florin.graphqlUrl,
  cookieSecret: `tavern ${florin.secretKey}`,
  pages: join(import.meta.dirname, 'dist'),
})
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT) }, ({ port }) =>
  console.log(`\n  Tavern is open at http://127.0.0.1:${port}   (Ctrl-C closes it)\n`),
)
server.on('error', (error) => end(`Port ${PORT} can't be used: ${error.message}. Set PORT to another one.`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit())

function readReadyFile(path: string): { graphqlUrl: string; secretKey: string } {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return end(
      `Florin is not running: there is no ${path}. Run npm start first, or set FLORIN_HOME to its data directory.`,
    )
  }
}

function end(message: string): never {
  console.error(`tavern: ${message}`)
  process.exit(1)
}
