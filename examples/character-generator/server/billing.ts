import { createFlorin, type RateCardInput } from '@florin/sdk'

const METER = 'tavern_heroes'

const plan = (name: string, price: string, credits: string, each?: string): RateCardInput => ({
  code: `tavern_${name.toLowerCase()}`,
  name,
  fixedRates: [{ code: 'fee', name: 'Monthly fee', price: { flat: { amount: price } } }],
  allowances: [{ creditType: 'credits', amount: credits }],
  usageRates: [
    {
      code: METER,
      name: 'Heroes',
      meter: METER,
      creditType: 'credits',
      ...(each && { overage: 'CHARGE', overagePrice: { flat: { amount: each } } }),
    },
  ],
})

/** All that this server does about money. It keeps nothing of it. */
export function connectBilling(url: string, secretKey: string) {
  const florin = createFlorin({ url, secretKey })
  return {
    /** What is sold. Said again at every start: nothing changes until the words do. */
    async publish() {
      await florin.defineCreditType({ code: 'credits', name: 'Credits', precision: 0 })
      await florin.defineMeter({ code: METER, name: 'Heroes', eventName: METER, aggregation: 'SUM' })
      await florin.publishRateCard(plan('Free', '0', '5'))
      await florin.publishRateCard(plan('Starter', '20.00', '25'))
      await florin.publishRateCard(plan('Premium', '100.00', '105', '0.90'))
    },
    async signUp(customerId: string, name: string) {
      await florin.upsertCustomer({ id: customerId, name })
      await florin.subscribe({ customerId, rateCard: 'tavern_free', idempotencyKey: `sign-up ${customerId}` })
    },
    /** One credit a hero, all of them or none. */
    async charge(customerId: string, heroes: number, idempotencyKey: string) {
      return (await florin.consume({ customerId, meter: METER, quantity: heroes, idempotencyKey })).decision.allowed
    },
    async browserToken(customerId: string) {
      return (await florin.createCustomerToken(customerId)).token
    },
  }
}
