import type { Florin } from '@florin/sdk'
import { CHECKOUT, type Example, left, over, record, type Visit } from './example.ts'

// Pay as you go per token. Models the price list of a language-model API: input and output tokens by model, per million,
// with a small opening deposit and the rest in arrears (shape only, after OpenAI's price list, November 2026).

/** Dollars for a million tokens, [input, output], and for one: nothing is rounded before the invoice's line. */
const PRICES = {
  //         per million       per token
  small: ['0.00000005', '0.0000004'], //  0.05 and  0.40
  medium: ['0.00000025', '0.000002'], //  0.25 and  2.00
  large: ['0.00000125', '0.00001'], //    1.25 and 10.00
} as const

type Model = keyof typeof PRICES

/** One credit is one dollar, so a balance reads as money, and overage costs what it says. */
const tokens = (code: 'input' | 'output', name: string, side: 0 | 1) => ({
  code,
  name,
  meter: `api_${code}_tokens`,
  creditType: 'api_dollars',
  creditCost: {
    matrix: { rows: Object.entries(PRICES).map(([model, prices]) => ({ match: { model }, unit: prices[side] })) },
  },
  overage: 'CHARGE' as const,
  overagePrice: { flat: { amount: '1' } },
})

async function publish(florin: Florin): Promise<void> {
  await florin.defineCreditType({ code: 'api_dollars', name: 'US dollars', precision: 6 })
  // One event of a completion feeds both meters.
  const event = { eventName: 'completion', aggregation: 'SUM' } as const
  await florin.defineMeter({ code: 'api_input_tokens', property: 'input', ...event })
  await florin.defineMeter({ code: 'api_output_tokens', property: 'output', ...event })
  await florin.publishRateCard({
    code: 'model_api',
    name: 'Model API',
    public: false, // beside the demo, whose own page shows the public ones
    usageRates: [tokens('input', 'Input tokens', 0), tokens('output', 'Output tokens', 1)],
    // The deposit also leaves the customer's bank card behind, for the arrears: a rate card that costs nothing asks for none.
    bundles: [{ code: 'api_deposit', name: 'Deposit', creditType: 'api_dollars', credits: '5', price: '5.00' }],
  })
}

async function month({ florin, customerId, pay }: Visit): Promise<void> {
  const completion = (idempotencyKey: string, model: Model, input: number, output: number) => ({
    customerId,
    eventName: 'completion',
    idempotencyKey,
    properties: { model, input, output },
  })

  await florin.upsertCustomer({ id: customerId })
  await florin.subscribe({ customerId, rateCard: 'model_api' })
  const deposit = { customerId, bundle: 'api_deposit', checkout: CHECKOUT, idempotencyKey: 'deposit' }
  await pay(await florin.purchaseBundle(deposit))

  // 1,600,000 × 0.00000125 = 2.00 in, 300,000 × 0.00001 = 3.00 out: the whole deposit. From here on it is arrears.
  await record(florin, [completion('long report', 'large', 1_600_000, 300_000)])
  // 1,000 requests of 1,300 × 0.00000005 = 0.000065 in and 56 × 0.0000004 = 0.0000224 out, each far below a cent.
  const chats = Array.from({ length: 1000 }, (_, i) => completion(`chat ${i}`, 'small', 1300, 56))
  await record(florin, chats)
  await record(florin, [
    completion('archive', 'medium', 40_000_000, 2_500_001), // 10.00 in, 5.000002 out
    completion('review', 'large', 400_000, 120_000), //         0.50 in, 1.20 out
  ])
}

export const example: Example = {
  name: 'model-api',
  pitch: 'input and output tokens by model, per million, exact to the millionth of a dollar, paid in arrears',
  publish,
  month,
  expected: {
    invoices: [
      {
        status: 'PAID', // at sign-up
        lines: [{ description: 'Deposit', quantity: '1', amount: '5.00' }],
        total: '5.00',
      },
      {
        status: 'PAID',
        lines: [
          // in:  1,000 × 0.000065  = 0.065  + 10.00    + 0.50 = 10.565, half a cent away from zero: 10.57
          { description: 'Input tokens: overage', quantity: '10.565', amount: '10.57' },
          // out: 1,000 × 0.0000224 = 0.0224 + 5.000002 + 1.20 =  6.222402, rounded once: 6.22
          { description: 'Output tokens: overage', quantity: '6.222402', amount: '6.22' },
        ],
        total: '16.79', // the sum of its lines
      },
    ],
    atMonthEnd: [over('api_dollars', '16.787402')], // 10.565 + 6.222402
    afterRenewal: [left('api_dollars', '0')],
    subscription: 'ACTIVE',
  },
}
