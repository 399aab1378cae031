import { createFlorin, type RateCardInput } from '@florin/sdk'

const METER = 'character_generation'
const flat = (amount: string) => ({ flat: { amount } })
const charge = (amount: string) => ({ overage: 'CHARGE' as const, overagePrice: flat(amount) })

const plan = (name: string, price: string, credits: string, beyond?: ReturnType<typeof charge>) =>
  ({
    code: name.toLowerCase(),
    name,
    fixedRates: [{ code: 'base', name: 'Monthly fee', price: flat(price) }],
    usageRates: [{ code: METER, name: 'Characters', meter: METER, creditType: 'credits', ...beyond }],
    allowances: [{ creditType: 'credits', amount: credits }],
  }) satisfies RateCardInput

/** Everything that Persona's backend does about money. Nothing of it is stored here. */
export function connectBilling(url: string, secretKey: string) {
  const florin = createFlorin({ url, secretKey })
  return {
    async publishPlans() {
      await florin.defineCreditType({ code: 'credits', name: 'Credits', precision: 0 })
      await florin.defineMeter({ code: METER, name: 'Character', eventName: METER, aggregation: 'SUM' })
      await florin.publishRateCard(plan('Free', '0', '5'))
      await florin.publishRateCard(plan('Starter', '20.00', '25'))
      await florin.publishRateCard(plan('Premium', '100.00', '105', charge('0.90')))
    },
    async signUp(id: string, name: string) {
      await florin.upsertCustomer({ id, name })
      await florin.subscribe({ customerId: id, rateCard: 'free', idempotencyKey: `sign-up ${id}` })
    },
    spend: (customerId: string, quantity: number, idempotencyKey: string) =>
      florin.consume({ customerId, meter: METER, quantity, idempotencyKey }),
    browserToken: async (customerId: string) => (await florin.createCustomerToken(customerId)).token,
  }
}
