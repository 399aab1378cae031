import type { Florin } from '@florin/sdk'
import { CHECKOUT, type Example, left, type Visit } from './example.ts'

// Prepaid bundles only. Models a speech API without plans: the card costs nothing and brings nothing, packs of credits are
// bought when needed and expire a year later (shape only; speech pages looked up in November 2026).

async function publish(florin: Florin): Promise<void> {
  await florin.defineCreditType({ code: 'speech_credits', name: 'Speech credits', precision: 1 })
  await florin.defineMeter({ code: 'speech_minutes', eventName: 'transcript', aggregation: 'SUM', property: 'minutes' })
  await florin.defineMeter({
    code: 'speech_characters',
    eventName: 'speech',
    aggregation: 'SUM',
    property: 'characters',
  })
  await florin.publishRateCard({
    code: 'speech',
    name: 'Speech',
    public: false, // beside the demo, whose own page shows the public ones
    usageRates: [
      {
        code: 'transcription',
        name: 'Transcription',
        meter: 'speech_minutes',
        creditType: 'speech_credits',
        creditCost: { matrix: { rows: [{ match: { mode: 'precise' }, unit: '2' }], otherwise: '1' } },
      },
      {
        code: 'voice',
        name: 'Voice',
        meter: 'speech_characters',
        creditType: 'speech_credits',
        creditCost: { package: { amount: '3', units: '1000', rounding: 'UP' } },
      },
    ],
    bundles: [
      {
        code: 'speech_pack',
        name: '500 speech credits',
        creditType: 'speech_credits',
        credits: '500',
        price: '5.00',
        expiresAfterDays: 365,
      },
    ],
  })
}

async function month({ florin, customerId, pay }: Visit): Promise<void> {
  const transcribe = async (idempotencyKey: string, minutes: string, mode: 'balanced' | 'precise') => {
    const request = { customerId, meter: 'speech_minutes', quantity: minutes, properties: { mode }, idempotencyKey }
    return (await florin.consume(request)).decision.allowed
  }
  const speak = (idempotencyKey: string, characters: string) =>
    florin.consume({ customerId, meter: 'speech_characters', quantity: characters, idempotencyKey })
  const buy = async (quantity: number, idempotencyKey: string) => {
    const packs = { customerId, bundle: 'speech_pack', quantity, checkout: CHECKOUT, idempotencyKey }
    await pay(await florin.purchaseBundle(packs))
  }

  await florin.upsertCustomer({ id: customerId })
  await florin.subscribe({ customerId, rateCard: 'speech' })
  await buy(1, 'first pack') // 500; the checkout leaves a card on file

  await transcribe('interview', '90.5', 'balanced') // 90.5 × 1 =  90.5, left 409.5
  await transcribe('hearing', '120', 'precise') //    120   × 2 = 240,   left 169.5
  await speak('chapter 1', '8200') //  9 thousands begun × 3 = 27, left 142.5
  await speak('chapter 2', '4100') // 12,300 in the month: 13 begun, 4 of them new × 3 = 12, left 130.5
  // 100 × 2 = 200 and 130.5 are left: refused. Two packs at once are paid by the card on file.
  if (!(await transcribe('too long', '100', 'precise'))) {
    await buy(2, 'two more packs') // 1,130.5
    await transcribe('board meeting', '100', 'precise') // 130.5 from the first pack, 69.5 from the new ones
  }
}

export const example: Example = {
  name: 'speech-packs',
  pitch: 'no plan: packs of credits that last a year, spent on minutes heard and characters spoken',
  publish,
  month,
  expected: {
    invoices: [
      {
        status: 'PAID',
        lines: [{ description: '500 speech credits', quantity: '1', amount: '5.00' }],
        total: '5.00',
      },
      {
        status: 'PAID',
        lines: [{ description: '500 speech credits', quantity: '2', amount: '10.00' }],
        total: '10.00',
      },
      // None at the period's end: nothing is due.
    ],
    atMonthEnd: [left('speech_credits', '930.5')], //   500 − 90.5 − 240 − 27 − 12 + 1,000 − 200
    afterRenewal: [left('speech_credits', '930.5')], // a pack doesn't end with the month
    subscription: 'ACTIVE',
    // They end 365 days after they were bought, which is 334 to 337 days after the month's end.
    later: [
      { days: 330, balances: [left('speech_credits', '930.5')] },
      { days: 340, balances: [left('speech_credits', '0')] },
    ],
  },
}
