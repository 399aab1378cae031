import { join } from 'node:path'
import { env } from 'node:process'
import { connectBilling } from './billing.ts'
import { createGallery } from './gallery.ts'
import { createPersonaServer } from './persona-server.ts'
import { createSessions } from './session.ts'

const { PORT = '5001', FLORIN_URL = 'http://127.0.0.1:4000/graphql', FLORIN_SECRET_KEY } = env
if (!FLORIN_SECRET_KEY) throw new Error('FLORIN_SECRET_KEY is missing: `npm start` prints one for the sandbox')

const billing = connectBilling(FLORIN_URL, FLORIN_SECRET_KEY)
await billing.publishPlans()

const sessions = createSessions(FLORIN_SECRET_KEY)
const persona = { billing, gallery: createGallery(), sessions, florinUrl: FLORIN_URL }
const server = createPersonaServer(persona, join(import.meta.dirname, '../dist'))
server.listen(Number(PORT), '127.0.0.1', () => console.log(`persona: ready at http://127.0.0.1:${PORT}`))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => process.exit(0))
    server.closeAllConnections()
  })
}
