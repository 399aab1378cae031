import type { Florin, RateCardInput } from '@florin/sdk'
import { CHECKOUT, type Example, left, type Visit } from './example.ts'

// Fixed fee + credits. Models the plans of an AI video generator: a monthly fee brings credits, a second of video costs
// more of them the better it looks, what is left expires with the month, and packs don't (after Runway, November 2026).

const usageRates: RateCardInput['usageRates'] = [
  {
    code: 'video',
    name: 'Video',
    meter: 'studio_seconds',
    creditType: 'studio_credits',
    creditCost: {
      matrix: {
        rows: [
          { match: { quality: 'draft' }, unit: '5' },
          { match: { quality: 'standard' }, unit: '12' },
          { match: { quality: 'best' }, unit: '25' },
        ],
      },
    },
  },
  {
    code: 'images',
    name: 'Images',
    meter: 'studio_images',
    creditType: 'studio_credits',
    creditCost: { flat: { amount: '8' } },
  },
]

const plan = (code: string, name: string, price: string, credits: string): RateCardInput => ({
  code,
  name,
  public: false, // beside the demo, whose own page shows the public ones
  fixedRates: [{ code: 'plan', name, price: { flat: { amount: price } } }],
  allowances: [{ creditType: 'studio_credits', amount: credits }],
  usageRates,
  bundles: [
    { code: 'studio_pack', name: '1,000 extra credits', creditType: 'studio_credits', credits: '1000', price: '10.00' },
  ],
})

async function publish(florin: Florin): Promise<void> {
  await florin.defineCreditType({ code: 'studio_credits', name: 'Credits', precision: 0 })
  await florin.defineMeter({ code: 'studio_seconds', eventName: 'clip', aggregation: 'SUM', property: 'seconds' })
  await florin.defineMeter({ code: 'studio_images', eventName: 'image', aggregation: 'COUNT' })
  await florin.publishRateCard(plan('studio_standard', 'Studio Standard', '15.00', '625'))
  await florin.publishRateCard(plan('studio_pro', 'Studio Pro', '35.00', '2250'))
}

async function month({ florin, customerId, pay }: Visit): Promise<void> {
  const render = async (idempotencyKey: string, quality: 'draft' | 'standard' | 'best', seconds: string) => {
    const clip = { customerId, meter: 'studio_seconds', quantity: seconds, properties: { quality }, idempotencyKey }
    return (await florin.consume(clip)).decision.allowed
  }

  await florin.upsertCustomer({ id: customerId })
  await pay(await florin.subscribe({ customerId, rateCard: 'studio_standard', checkout: CHECKOUT }))

  await render('draft 1', 'draft', '30') //       30 s ×  5 = 150, left 475
  await render('draft 2', 'draft', '30') //       30 s ×  5 = 150, left 325
  await render('standard', 'standard', '10') //   10 s × 12 = 120, left 205
  await render('best', 'best', '5') //             5 s × 25 = 125, left  80
  for (const idempotencyKey of ['image 1', 'image 2', 'image 3', 'image 4']) {
    await florin.consume({ customerId, meter: 'studio_images', idempotencyKey }) // 4 × 8 = 32, left 48
  }
  // 10 s × 12 = 120 and 48 are left: refused, nothing is drawn. The card on file pays a pack; the next try has its own key.
  if (!(await render('too much', 'standard', '10'))) {
    const pack = { customerId, bundle: 'studio_pack', checkout: CHECKOUT, idempotencyKey: 'pack' }
    await pay(await florin.purchaseBundle(pack))
    await render('with the pack', 'standard', '10') // 48 from the plan, which expires first, and 72 from the pack
  }
}

export const example: Example = {
  name: 'video-studio',
  pitch: 'a monthly fee with credits; video by quality and length, images by the piece, packs for more',
  publish,
  month,
  expected: {
    invoices: [
      {
        status: 'PAID', // at sign-up
        lines: [{ description: 'Studio Standard', quantity: '1', amount: '15.00' }],
        total: '15.00',
      },
      {
        status: 'PAID', // the pack
        lines: [{ description: '1,000 extra credits', quantity: '1', amount: '10.00' }],
        total: '10.00',
      },
      {
        status: 'PAID', // the next month, in advance; no overage: this page refuses instead
        lines: [{ description: 'Studio Standard', quantity: '1', amount: '15.00' }],
        total: '15.00',
      },
    ],
    atMonthEnd: [left('studio_credits', '928')], //    plan 625 − 150 − 150 − 120 − 125 − 32 − 48 = 0, pack 1000 − 72
    afterRenewal: [left('studio_credits', '1553')], // plan 625 anew + pack 928
    subscription: 'ACTIVE',
  },
}
