import { dataOf, upsertCustomer } from './calls.ts'
import { subscribe } from './selling.ts'
import type { Peer } from './stack.ts'

// The pricing of product.md, "Worked example".

const METER = { code: 'character_generation', eventName: 'character_generation', aggregation: 'SUM', property: 'value' }

const usageRate = {
  code: 'generations',
  name: 'Generations',
  meter: 'character_generation',
  creditType: 'credits',
  overage: 'BLOCK',
}

const plan = (code: string, name: string, price: string, credits: string) => ({
  code,
  name,
  fixedRates: price === '0' ? [] : [{ code: 'base', name, price: { flat: { amount: price } } }],
  allowances: [{ creditType: 'credits', amount: credits }],
})

const BUNDLES = [{ code: 'pack-100', name: '100 credits', creditType: 'credits', credits: '100', price: '10.00' }]

export const FREE = { ...plan('free', 'Free', '0', '5'), usageRates: [usageRate], bundles: BUNDLES }
export const STARTER = { ...plan('starter', 'Starter', '20.00', '25'), usageRates: [usageRate], bundles: BUNDLES }
export const PREMIUM = {
  ...plan('premium', 'Premium', '100.00', '105'),
  usageRates: [{ ...usageRate, overage: 'CHARGE', overagePrice: { flat: { amount: '0.90' } } }],
  bundles: BUNDLES,
}
/** Costs nothing and brings nothing: for customers who only have what they were granted. */
export const PREPAID = { code: 'prepaid', name: 'Prepaid', public: false, usageRates: [usageRate] }

/** Publishes meter, credit type and cards. Saying it again changes nothing. */
export async function publishWorkedExample(to: Pick<Peer, 'query'>): Promise<void> {
  await dataOf(to.query(`mutation ($input: MeterInput!) { defineMeter(input: $input) { code } }`, { input: METER }))
  const creditType = { code: 'credits', name: 'Credits' }
  await dataOf(
    to.query(`mutation ($input: CreditTypeInput!) { defineCreditType(input: $input) { code } }`, { input: creditType }),
  )
  for (const input of [FREE, STARTER, PREMIUM, PREPAID]) await publishRateCard(to, input)
}

export async function publishRateCard(to: Pick<Peer, 'query'>, input: object): Promise<{ version: number }> {
  const document = `mutation ($input: RateCardInput!) { publishRateCard(input: $input) { version } }`
  return (await dataOf(to.query<{ publishRateCard: { version: number } }>(document, { input }))).publishRateCard
}

/** A customer of that id who is subscribed to a card that costs nothing. */
export async function signUp(to: Pick<Peer, 'query'>, id: string, rateCard = 'free'): Promise<string> {
  await upsertCustomer(to, id)
  await subscribe(to, { customerId: id, rateCard })
  return id
}

/** Premium by the year, twelve allowances at once. */
export const YEARLY = {
  ...PREMIUM,
  code: 'premium-yearly',
  name: 'Premium yearly',
  interval: 'YEAR',
  fixedRates: [{ code: 'base', name: 'Premium yearly', price: { flat: { amount: '1000.00' } } }],
  allowances: [{ creditType: 'credits', amount: '1260' }],
}
