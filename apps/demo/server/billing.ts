import { createFlorin, type RateCardInput } from '@florin/sdk'

const METER = 'character_generation'

function plan(code: string, name: string, price: string, credits: string, overagePrice?: string): RateCardInput {
  const overage = overagePrice ? { overage: 'CHARGE' as const, overagePrice: { flat: { amount: overagePrice } } } : {}
  return {
    code,
    name,
    fixedRates: [{ code: 'base', name: `${name} plan`, price: { flat: { amount: price } } }],
    usageRates: [{ code: METER, name: 'Characters', meter: METER, creditType: 'credits', ...overage }],
    allowances: [{ creditType: 'credits', amount: credits }],
  }
}

const PLANS = [
  plan('free', 'Free', '0', '5'),
  plan('starter', 'Starter', '20.00', '25'),
  plan('premium', 'Premium', '100.00', '105', '0.90'),
]

/** Everything that Persona's backend does about money. Nothing of it is stored here. */
export function connectBilling(florinUrl: string, secretKey: string) {
  const florin = createFlorin({ url: florinUrl, secretKey })
  return {
    async publishPlans() {
      await florin.defineCreditType({ code: 'credits', name: 'Credits', precision: 0 })
      await florin.defineMeter({ code: METER, eventName: METER, aggregation: 'SUM', property: 'value' })
      for (const card of PLANS) await florin.publishRateCard(card)
    },
    async signUp(id: string, name: string) {
      await florin.upsertCustomer({ id, name })
      await florin.subscribe({ customerId: id, rateCard: 'free', idempotencyKey: `sign-up ${id}` })
    },
    spend: (customerId: string, quantity: number, idempotencyKey: string) =>
      florin.consume({ customerId, meter: METER, quantity, idempotencyKey }),
    browserToken: async (customerId: string) => (await florin.createCustomerToken(customerId)).token,
    history: async (customerId: string) => (await florin.ledger({ customerId, first: 30 })).nodes,
  }
}

export type Billing = ReturnType<typeof connectBilling>
