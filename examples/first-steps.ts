import { readFileSync } from 'node:fs'
import { createFlorin } from '@florin/sdk'

// npm start, then in another terminal: npx tsx examples/first-steps.ts — a few times, until the paywall answers.
const { graphqlUrl: url, secretKey } = JSON.parse(
  readFileSync(`${process.env.FLORIN_HOME ?? '.florin'}/ready.json`, 'utf8'),
)
const florin = createFlorin({ url, secretKey })

await florin.defineMeter({ code: 'sketches', eventName: 'sketch', aggregation: 'COUNT' })
await florin.publishRateCard({
  code: 'hobby',
  name: 'Hobby',
  public: false,
  usageRates: [{ code: 'sketches', name: 'Sketches', meter: 'sketches', includedUnits: '5' }],
})
await florin.upsertCustomer({ id: 'user_123' }) // your own id: Florin never asks you to store ours
await florin.subscribe({ customerId: 'user_123', rateCard: 'hobby', idempotencyKey: 'sign-up user_123' })
const spent = { customerId: 'user_123', meter: 'sketches', idempotencyKey: crypto.randomUUID() }
const { decision, billingState } = await florin.consume(spent)
console.log(decision.allowed ? 'allowed' : `refused: ${decision.reason}`, billingState.balances[0]?.available, 'left')
