import type { Florin } from '@florin/sdk'
import { CHECKOUT, type Example, left, over, record, type Visit } from './example.ts'

// Seats + pooled credits. Models the team plan of a coding assistant: a fee for each seat, one pool of credits for all of
// them, a cent for each credit beyond (after GitHub Copilot Business, November 2026). There each seat adds 1,900 credits to
// the pool; a rate card's allowance is one number, so here the workspace brings the pool, whatever the seats.

async function publish(florin: Florin): Promise<void> {
  await florin.defineCreditType({ code: 'team_credits', name: 'Team credits', precision: 0 })
  await florin.defineMeter({
    code: 'team_agent_minutes',
    eventName: 'agent_run',
    aggregation: 'SUM',
    property: 'minutes',
  })
  await florin.defineMeter({ code: 'team_reviews', eventName: 'review', aggregation: 'COUNT' })
  const beyond = {
    creditType: 'team_credits',
    overage: 'CHARGE' as const,
    overagePrice: { flat: { amount: '0.01' } },
  }
  await florin.publishRateCard({
    code: 'coding_team',
    name: 'Team',
    public: false, // beside the demo, whose own page shows the public ones
    fixedRates: [
      { code: 'workspace', name: 'Workspace', price: { flat: { amount: '40.00' } } },
      { code: 'seats', name: 'Seats', price: { flat: { amount: '19.00' } } },
    ],
    allowances: [{ creditType: 'team_credits', amount: '10000' }],
    usageRates: [
      {
        code: 'agents',
        name: 'Agent minutes',
        meter: 'team_agent_minutes',
        creditCost: { matrix: { rows: [{ match: { model: 'fast' }, unit: '4' }], otherwise: '10' } },
        ...beyond,
      },
      { code: 'reviews', name: 'Reviews', meter: 'team_reviews', creditCost: { flat: { amount: '25' } }, ...beyond },
    ],
  })
}

async function month({ florin, customerId, pay }: Visit): Promise<void> {
  const agent = (member: string, model: 'fast' | 'deep', minutes: number) => ({
    customerId,
    eventName: 'agent_run',
    idempotencyKey: `${member} ${model}`,
    properties: { member, model, minutes },
  })
  const reviews = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({
      customerId,
      eventName: 'review',
      idempotencyKey: `pull request ${from + i}`,
    }))

  await florin.upsertCustomer({ id: customerId })
  const quantities = [{ code: 'seats', quantity: 8 }]
  await pay(await florin.subscribe({ customerId, rateCard: 'coding_team', quantities, checkout: CHECKOUT }))

  await record(florin, [agent('ada', 'deep', 300)]) //   300 × 10 = 3,000, left 7,000
  await record(florin, [agent('ben', 'fast', 450)]) //   450 ×  4 = 1,800, left 5,200
  await record(florin, reviews(1, 120)) //               120 × 25 = 3,000, left 2,200
  await record(florin, [agent('cleo', 'deep', 260)]) // 260 × 10 = 2,600: 2,200 from the pool, 400 beyond
  await record(florin, reviews(121, 130)) //             10 × 25 =   250, all beyond
}

export const example: Example = {
  name: 'coding-team',
  pitch: 'a fee for each seat, one pool of credits for the whole team, a cent for each credit beyond it',
  publish,
  month,
  expected: {
    invoices: [
      {
        status: 'PAID', // at sign-up: 40.00 + 8 × 19.00
        lines: [
          { description: 'Team: Workspace', quantity: '1', amount: '40.00' },
          { description: 'Team: Seats', quantity: '8', amount: '152.00' },
        ],
        total: '192.00',
      },
      {
        status: 'PAID', // overage of the month that ended, fees of the month that begins
        lines: [
          { description: 'Agent minutes: overage', quantity: '400', amount: '4.00' }, // 400 × 0.01
          { description: 'Reviews: overage', quantity: '250', amount: '2.50' }, //       250 × 0.01
          { description: 'Team: Workspace', quantity: '1', amount: '40.00' },
          { description: 'Team: Seats', quantity: '8', amount: '152.00' },
        ],
        total: '198.50',
      },
    ],
    atMonthEnd: [over('team_credits', '650')], // 3,000 + 1,800 + 3,000 + 2,600 + 250 = 10,650, of which the pool pays 10,000
    afterRenewal: [left('team_credits', '10000')],
    subscription: 'ACTIVE',
  },
}
