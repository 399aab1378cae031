import { createFlorin, type RateCardInput } from '@florin/sdk'

const flat = (amount: string) => ({ flat: { amount } })
/** A meter for each kind of node, so that each has a price of its own in credits. */
const COSTS = {
  easel_text: ['Texts', '1'],
  easel_image: ['Images', '5'],
  easel_video: ['Seconds of video', '10'],
} as const
export type Meter = keyof typeof COSTS

function plan(code: string, name: string, price: string, credits: string, more: Partial<RateCardInput> = {}) {
  const overage = price === '0' ? {} : { overage: 'CHARGE' as const, overagePrice: flat('0.02') }
  return {
    code,
    name,
    fixedRates: [{ code: 'fee', name, price: flat(price) }],
    allowances: [{ creditType: 'credits', amount: credits }],
    usageRates: Object.entries(COSTS).map(([meter, [title, cost]]) => ({
      code: meter,
      name: title,
      meter,
      creditType: 'credits',
      creditCost: flat(cost),
      ...overage,
    })),
    ...more,
  } satisfies RateCardInput
}

/** All that this server does about money. It keeps nothing of it. */
export function connectBilling(url: string, secretKey: string) {
  const florin = createFlorin({ url, secretKey })
  return {
    /** What is sold. Said again at every start: nothing changes until the words do. */
    async publish() {
      await florin.defineCreditType({ code: 'credits', name: 'Credits', precision: 0 })
      for (const [code, [name]] of Object.entries(COSTS)) {
        await florin.defineMeter({ code, name, eventName: code, aggregation: 'SUM' })
      }
      await florin.publishRateCard(plan('easel_hobby', 'Hobby', '0', '200'))
      await florin.publishRateCard(plan('easel_pro', 'Pro', '24.00', '2000'))
      await florin.publishRateCard(plan('easel_pro_yearly', 'Pro yearly', '240.00', '24000', { interval: 'YEAR' }))
    },
    async signUp(customerId: string, name: string) {
      await florin.upsertCustomer({ id: customerId, name })
      await florin.subscribe({ customerId, rateCard: 'easel_hobby', idempotencyKey: `sign-up ${customerId}` })
    },
    /** For what is done in one go. */
    async charge(customerId: string, meter: Meter, idempotencyKey: string) {
      return (await florin.consume({ customerId, meter, idempotencyKey })).decision.allowed
    },
    /** For what takes long: reserved a unit at a time, until it is done or the credits are out. Null: not even for one. */
    async reserve(customerId: string, meter: Meter, key: string) {
      const { hold } = await florin.createHold({ customerId, meter, quantity: 1, idempotencyKey: key })
      if (!hold) return null
      return {
        async extend(unit: number) {
          const more = { holdId: hold.id, quantity: 1, idempotencyKey: `${key} ${unit}` }
          return (await florin.extendHold(more)).decision.allowed
        },
        /** What was made is paid, the rest goes back. A hold that nobody settles releases itself. */
        settle: (units: number) => florin.captureHold({ holdId: hold.id, quantity: units }),
      }
    },
    async browserToken(customerId: string) {
      return (await florin.createCustomerToken(customerId)).token
    },
  }
}
