import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFlorin } from '@florin/sdk'

// npm start, then in another terminal: npx tsx examples/stream.ts — a stream that reserves credits as it goes, and ends when
// they are out. Run it a few times.
const { graphqlUrl: url, secretKey } = JSON.parse(
  readFileSync(`${process.env.FLORIN_HOME ?? '.florin'}/ready.json`, 'utf8'),
)
const florin = createFlorin({ url, secretKey })
const customerId = 'streamer_1'

await florin.defineMeter({ code: 'words', eventName: 'words', aggregation: 'SUM', property: 'count' })
await florin.publishRateCard({
  code: 'writer',
  name: 'Writer',
  public: false,
  usageRates: [{ code: 'words', name: 'Words', meter: 'words', includedUnits: '1000' }],
})
await florin.upsertCustomer({ id: customerId })
await florin.subscribe({ customerId, rateCard: 'writer', idempotencyKey: 'sign-up' })

/** Stands in for a model: 40 words at a time. */
async function* write(): AsyncGenerator<number> {
  for (let chunk = 0; chunk < 12; chunk++) {
    await sleep(100)
    yield 40
  }
}

const requestId = crypto.randomUUID()
const STEP = '100'
const { hold, decision } = await florin.createHold({
  customerId,
  meter: 'words',
  quantity: STEP,
  idempotencyKey: requestId,
})
if (!hold) {
  console.log(`refused: ${decision.reason}, ${decision.available} left`)
  process.exit()
}
let [used, reserved] = [0, Number(hold.quantity)]
for await (const words of write()) {
  used += words
  if (used + words <= reserved) continue
  const more = await florin.extendHold({ holdId: hold.id, quantity: STEP, idempotencyKey: `${requestId} ${used}` })
  if (!more.decision.allowed) break // out of credits: the stream ends, and what is written is kept
  reserved = Number(more.hold?.quantity)
}
const settled = await florin.captureHold({ holdId: hold.id, quantity: String(used) })
console.log(`${used} words written, ${reserved} reserved, ${settled.usage?.available} left`)
