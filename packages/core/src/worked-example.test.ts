/** The worked example of product.md, in core alone: what is counted, drawn, granted and due. */
import { expect, it } from 'vitest'
import { type Account, addGrant, availableOf, type Cause, growGrant, nextVersion, openAccount } from './account.ts'
import { periodAt } from './calendar.ts'
import { free, premium } from './card.samples.ts'
import type { RateCard } from './card.ts'
import { changeAtStart } from './change.samples.ts'
import { planStart } from './change.ts'
import { amountOf, type Credits, formatAmount } from './decimal.ts'
import { CREDITS, grantOf, METER } from './grant.samples.ts'
import { formatMoney } from './money.ts'
import { planRenewal } from './renewal.ts'
import { type Access, decideAccess, type MeterUsage, NO_USAGE, spend } from './usage.ts'

const NOW = 1_000
const PERIOD_END = 9_000
const cause: Cause = { type: 'subscription', id: 'customer-1' }

interface State {
  readonly card: RateCard
  readonly account: Account
  readonly usage: MeterUsage
}
type Step = (before: State) => State & { readonly answer: string }

const reasonOf = (access: Access): string => (access.ok ? access.decision.reason : access.reason)
const generations = ({ card, usage }: State, quantity: string) => {
  const { code, overage } = card.usageRates[0] ?? expect.fail('the card rates the meter')
  const rate = { code, meter: METER, creditType: CREDITS, creditCost: null, overage }
  return { rate, usage, quantity: amountOf<'quantity'>(quantity), properties: {}, at: NOW }
}
const creditsOf = (allowances: ReadonlyMap<string, Credits>): Credits => allowances.get('credits') ?? expect.fail()

function signUp(card: RateCard): Step {
  return ({ account, usage }) => {
    const { due, allowances } = planStart(card, {})
    const allowance = grantOf('allowance', formatAmount(creditsOf(allowances)), {
      kind: 'ALLOWANCE',
      effectiveAt: NOW,
      expiresAt: PERIOD_END,
    })
    return { card, usage, ...addGrant(account, allowance, NOW, cause), answer: `due ${formatMoney(due)}` }
  }
}

function upgrade(card: RateCard): Step {
  return ({ card: from, account, usage }) => {
    const { due, allowances } = changeAtStart({ card: from, quantities: {} }, { card, quantities: {} })
    const grown = growGrant(account, 'allowance', creditsOf(allowances), NOW, cause)
    return { card, usage, ...grown, answer: `due ${formatMoney(due)}` }
  }
}

function record(quantity: string): Step {
  return (before) => {
    const spent = spend(nextVersion(before.account), generations(before, quantity), cause)
    return spent.ok ? { ...before, ...spent, answer: 'RECORDED' } : expect.fail(spent.reason)
  }
}

function consume(quantity: string): Step {
  return (before) => {
    const access = decideAccess(before.account, generations(before, quantity))
    const allowed = access.ok && access.decision.allowed
    return { ...(allowed ? record(quantity)(before) : before), answer: reasonOf(access) }
  }
}

it('the worked example: sign up, use, be refused, upgrade, go over', () => {
  let state: State = { card: free, account: openAccount(0, []), usage: NO_USAGE }
  const told: unknown[] = []
  for (const [what, step] of [
    ['sign up to Free', signUp(free)],
    ['consume 3', consume('3')],
    ['consume 3 more', consume('3')],
    ['change to Premium', upgrade(premium)],
    ['record 110', record('110')],
  ] as const) {
    const { answer, ...after } = step(state)
    state = after
    const { usage, account } = after
    told.push([what, answer, ...[availableOf(account, CREDITS), usage.quantity, usage.overage].map(formatAmount)])
  }
  expect(told).toEqual([
    // what              | answer              | available | used | overage
    ['sign up to Free', 'due 0.00', '5', '0', '0'],
    ['consume 3', 'COVERED', '2', '3', '0'],
    ['consume 3 more', 'INSUFFICIENT_CREDITS', '2', '3', '0'],
    ['change to Premium', 'due 100.00', '102', '3', '0'],
    ['record 110', 'RECORDED', '0', '113', '8'],
  ])
  expect(formatAmount(state.usage.uncovered)).toBe('0')
})

it('its invoice at the period’s end: 7.20 overage and 100.00 for the next period are 107.20', () => {
  const plan = planRenewal({
    card: premium,
    quantities: {},
    endedPeriod: periodAt(NOW, 'MONTH', 'UTC', 0),
    anchor: NOW,
    timeZone: 'UTC',
    leftovers: [],
    arrears: [
      {
        card: premium,
        period: periodAt(NOW, 'MONTH', 'UTC', 0),
        overage: [{ rateCode: 'generation', credits: amountOf('8') }],
      },
    ],
  })
  expect([...plan.lines.map(({ amount }) => amount), plan.due].map(formatMoney)).toEqual(['7.20', '100.00', '107.20'])
  expect([...plan.allowances].map(([type, amount]) => `${formatAmount(amount)} ${type}`)).toEqual(['105 credits'])
})
