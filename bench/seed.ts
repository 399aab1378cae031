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
  let next = 0
  const enrolOthers = async () => {
    while (next < customers) await enrol(api, next++)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, enrolOthers))
}

async function enrol(api: Api, index: number): Promise<void> {
  const { subscribe } = await callApi<{ subscribe: { subscription?: unknown } }>(api, ENROL, {
    customerId: customerId(index),
  })
  if (!subscribe.subscription) throw new Error(`${customerId(index)} was not subscribed`)
}
