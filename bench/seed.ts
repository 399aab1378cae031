import { type Api, callApi } from './api.ts'
import { customerId, EVENT_NAME, METER } from './load/requests.ts'

const AT_A_TIME = 16
const CARD = 'bench'

const DEFINE = `mutation Define($meter: MeterInput!, $card: RateCardInput!) {
  defineMeter(input: $meter) { code }
  defineCreditType(input: { code: "credits" }) { code }
  publishRateCard(input: $card) { code }
}`

const ENROL = `mutation Enrol($customerId: ID!) {
  upsertCustomer(input: { id: $customerId }) { id }
  subscribe(input: { customerId: $customerId, rateCard: "${CARD}" }) {
    ... on SubscriptionSuccess { subscription { id } }
  }
}`

const GRANT = `mutation Grant($input: GrantCreditsInput!) { grantCredits(input: $input) { id } }`

/** One meter, one card that costs nothing and never runs out, and its subscribers: one credit for each use. */
export async function seed(api: Api, customers: number): Promise<void> {
  await callApi(api, DEFINE, {
    meter: { code: METER, eventName: EVENT_NAME, aggregation: 'COUNT' },
    card: {
      code: CARD,
      name: 'Bench',
      allowances: [{ creditType: 'credits', amount: '1000000000000' }],
      usageRates: [{ code: METER, name: 'Replies', meter: METER, creditType: 'credits' }],
    },
  })
  await forEach(customers, (index) => enrol(api, index))
}

/** Gives a customer as many grants, each with more than a bench can spend. */
export async function giveGrants(api: Api, customerId: string, grants: number): Promise<void> {
  await forEach(grants, (index) =>
    callApi(api, GRANT, {
      input: { customerId, creditType: 'credits', amount: '1000000', idempotencyKey: `${index}` },
    }),
  )
}

async function forEach(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const workOnOthers = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, workOnOthers))
}

/** A customer of the bench, subscribed to its card. */
export async function enrol(api: Api, index: number): Promise<void> {
  const { subscribe } = await callApi<{ subscribe: { subscription?: unknown } }>(api, ENROL, {
    customerId: customerId(index),
  })
  if (!subscribe.subscription) throw new Error(`${customerId(index)} was not subscribed`)
}
