import { afterAll, beforeAll, expect, test } from 'vitest'
import { consume, dataOf, faultOf, grantCredits, recordUsage, voidUsage } from './calls.ts'
import { balanceAt, EXPLAIN_DECISION, explainBalance, explainDecision } from './explaining.ts'
import { captureHold, createHold, extendHold, holdOf, releaseHold } from './holding.ts'
import { advanceBy, advanceToPeriodEnd, change, DAY, start } from './living.ts'
import { buyer, refund } from './refunding.ts'
import { type Stack, startStack } from './stack.ts'
import { publishRateCard, publishWorkedExample, STARTER, signUp } from './worked-example.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
  const renamed = `mutation { defineMeter(input: { code: "character_generation", name: "Character generation",
    eventName: "character_generation", aggregation: SUM, property: "value" }) { code } }`
  await dataOf(stack.query(renamed))
})
afterAll(() => stack.close())

const clock = async () => (await dataOf(stack.query<{ clock: string }>('{ clock }'))).clock

const createWallet = async (customerId: string, name: string, priority: number) => {
  const input = { customerId, creditType: 'credits', name, priority }
  const document = `mutation ($input: CreateWalletInput!) { createWallet(input: $input) { id } }`
  return (await dataOf(stack.query<{ createWallet: { id: string } }>(document, { input }))).createWallet.id
}

test('a balance is explained by its grants, in drawdown order, each with its place', async () => {
  const customerId = await signUp(stack, 'ordered')
  const walletId = await createWallet(customerId, 'trial', 10)
  const inAWeek = new Date(Date.parse(await clock()) + 7 * DAY).toISOString()
  await grantCredits(stack, { customerId, amount: '3', idempotencyKey: 'wallet', walletId })
  await grantCredits(stack, { customerId, amount: '7', idempotencyKey: 'week', expiresAt: inAWeek })
  await grantCredits(stack, { customerId, amount: '100', kind: 'PREPAID', idempotencyKey: 'pack' })
  await grantCredits(stack, { customerId, amount: '9', kind: 'PREPAID', priority: 200, idempotencyKey: 'reserve' })
  await consume(stack, { customerId, quantity: '4', idempotencyKey: 'one' })

  const explained = await explainBalance(stack, customerId)
  expect(explained).toMatchObject({ available: '120', remaining: '120', held: '0' })
  expect(explained.grants.map(({ cause, place, grant }) => [grant.remaining, cause, place])).toEqual([
    ['6', 'Given by the seller', 'First, because it expires earlier'],
    ['5', 'Comes with a subscription, for its period', 'Before the next, because it expires, and the next never does'],
    ['100', 'Bought', 'Before the next, because it has priority 100, and the next 200'],
    ['9', 'Bought', 'Last, because it has priority 200, and the one before 100'],
  ])
  expect(explained.finishedGrants.nodes.map(({ place, grant }) => [grant.amount, grant.remaining, place])).toEqual([
    ['3', '0', null],
  ])
  expect(explained.entries.nodes.slice(0, 2).map(({ amount, cause }) => [amount, cause.text])).toEqual([
    ['-1', 'Used 4 × Character generation'],
    ['-3', 'Used 4 × Character generation'],
  ])
})

test('the past stays as it was when what made it is spent, expired or voided', async () => {
  const customerId = await signUp(stack, 'past')
  const tonight = new Date(Date.parse(await clock()) + DAY / 2).toISOString()
  await grantCredits(stack, { customerId, amount: '10', idempotencyKey: 'a', expiresAt: tonight })
  const { id } = await holdOf(stack, { customerId, quantity: '4', idempotencyKey: 'h', ttlSeconds: 86_400 })
  const then = await clock()
  const before = await explainBalance(stack, customerId)
  expect(before).toMatchObject({ available: '11', held: '4' })
  await advanceBy(stack, DAY - 60_000)
  await captureHold(stack, id, '1')
  await consume(stack, { customerId, quantity: '5', idempotencyKey: 'rest' })

  expect(await balanceAt(stack, customerId, then)).toBe('11')
  const after = await explainBalance(stack, customerId, then)
  expect({ ...after, at: null, debt: null, entries: null }).toEqual({ ...before, at: null, debt: null, entries: null })
  expect(after.entries.nodes.map(({ kind }) => kind)).toEqual(['HOLD', 'GRANT', 'GRANT'])
  expect(await balanceAt(stack, customerId, '2020-01-01T00:00:00Z')).toBe('0')
  expect(await explainBalance(stack, customerId)).toMatchObject({ available: '0', grants: [] })
})

test('a refund later changes nothing of what was there before it, and its debt is owed now', async () => {
  const customerId = await buyer(stack, 'refunded', { spent: '50' })
  const then = await clock()
  await refund(stack, customerId, 'back')
  expect(await explainBalance(stack, customerId)).toMatchObject({ available: '0', debt: '50', grants: [] })
  expect(await explainBalance(stack, customerId, then)).toMatchObject({
    available: '950',
    remaining: '950',
    debt: null,
    grants: [{ grant: { amount: '1000', remaining: '950' } }],
  })
})

test('pages of entries and of finished grants go through the past, and end', async () => {
  const customerId = await signUp(stack, 'pages', 'prepaid')
  for (const key of ['a', 'b', 'c']) {
    await grantCredits(stack, { customerId, amount: '1', idempotencyKey: key })
    await consume(stack, { customerId, idempotencyKey: key })
  }
  const page = (field: string, after?: string) => {
    const list = `${field}(first: 2${after ? `, after: "${after}"` : ''}) { nodes { __typename } pageInfo { endCursor hasNextPage } }`
    const document = `query ($id: ID!) { explainBalance(customerId: $id, creditType: "credits") { list: ${list} } }`
    type Page = { nodes: unknown[]; pageInfo: { endCursor: string; hasNextPage: boolean } }
    return dataOf(stack.query<{ explainBalance: { list: Page } }>(document, { id: customerId }))
  }
  for (const [field, total] of [
    ['entries', 6],
    ['finishedGrants', 3],
  ] as const) {
    let seen = 0
    let after: string | undefined
    for (let more = true; more; ) {
      const { nodes, pageInfo } = (await page(field, after)).explainBalance.list
      seen += nodes.length
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(seen).toBe(total)
  }
})

test('every kind of entry says its cause in a sentence', async () => {
  await publishRateCard(stack, {
    ...STARTER,
    code: 'rolling',
    name: 'Rolling',
    allowances: [{ creditType: 'credits', amount: '25', rollover: 'CAPPED', rolloverCap: '5' }],
  })
  const customerId = await start(stack, 'every-kind', 'rolling')
  const grant = await grantCredits(stack, { customerId, amount: '2', idempotencyKey: 'gift' })
  await dataOf(
    stack.query(`mutation ($id: ID!) { voidGrant(grantId: $id, idempotencyKey: "v") { id } }`, { id: grant.id }),
  )
  await consume(stack, { customerId, quantity: '2', idempotencyKey: 'used' })
  await consume(stack, { customerId, quantity: '1', idempotencyKey: 'undone' })
  await voidUsage(stack, customerId, 'undone')
  const held = await holdOf(stack, { customerId, quantity: '3', idempotencyKey: 'captured' })
  await captureHold(stack, held.id, '1')
  await releaseHold(stack, (await holdOf(stack, { customerId, quantity: '1', idempotencyKey: 'let-go' })).id)
  await holdOf(stack, { customerId, quantity: '4', idempotencyKey: 'forgotten', ttlSeconds: 60 })
  const soon = Date.parse(await clock()) + 60_000
  const [effectiveAt, expiresAt] = [new Date(soon).toISOString(), new Date(soon + 60_000).toISOString()]
  await grantCredits(stack, { customerId, amount: '6', idempotencyKey: 'brief', effectiveAt, expiresAt })
  await advanceBy(stack, 90_000)
  await consume(stack, { customerId, idempotencyKey: 'brief' })
  await advanceBy(stack, 90_000)
  await voidUsage(stack, customerId, 'brief')
  await advanceToPeriodEnd(stack, customerId)
  await recordUsage(stack, [{ customerId, idempotencyKey: 'more', value: '31' }])
  await change(stack, customerId, 'premium')
  await recordUsage(stack, [{ customerId, idempotencyKey: 'over', value: '110' }])
  await voidUsage(stack, customerId, 'over')
  await advanceToPeriodEnd(stack, customerId)

  const { entries } = await explainBalance(stack, customerId)
  const told = entries.nodes.map(({ kind, amount, cause }) => `${kind} ${amount}: ${cause.text}`)
  expect(told.reverse()).toEqual([
    'GRANT 25: Granted: Rolling allowance',
    'GRANT 2: Granted: promotional',
    'VOID -2: Taken back: voided by an operator',
    'DRAW -2: Used 2 × Character generation',
    'DRAW -1: Used 1 × Character generation',
    'REVERSE 1: Given back: 1 × Character generation',
    'HOLD -3: Held 3 credits for 3 × Character generation',
    'RELEASE 3: Released 3 credits of a hold for Character generation: it was captured',
    'DRAW -1: Used 1 × Character generation, of what was held for it',
    'HOLD -1: Held 1 credit for 1 × Character generation',
    'RELEASE 1: Released 1 credit of a hold for Character generation: it was released',
    'HOLD -4: Held 4 credits for 4 × Character generation',
    'RELEASE 4: Released 4 credits of a hold: it expired',
    'GRANT 6: Took effect',
    'DRAW -1: Used 1 × Character generation',
    'EXPIRE -5: Expired unspent',
    'REVERSE 1: Given back: 1 × Character generation',
    'EXPIRE -1: Given back too late: its grant had ended',
    'ROLLOVER -5: Rolled over into the next period',
    'ROLLOVER 5: Rolled over from the period before',
    'EXPIRE -17: Ended: unspent at the end of its period',
    'GRANT 25: Granted: Rolling allowance',
    'DRAW -25: Used 31 × Character generation',
    'DRAW -5: Used 31 × Character generation',
    'UNCOVERED 0: Used 31 × Character generation: 1 beyond the grants, not charged',
    'GRANT 80: Granted: changed from Rolling to Premium',
    'DRAW -80: Used 110 × Character generation',
    'OVERAGE 0: Used 110 × Character generation: 30 beyond the grants, to be invoiced',
    'REVERSE 80: Given back: 110 × Character generation',
    'REVERSE 0: Voided 110 × Character generation: 30 beyond the grants, no longer to be invoiced',
    'EXPIRE -80: Ended: unspent at the end of its period',
    'GRANT 105: Granted: Premium allowance',
  ])
})

test('a refusal is explained from its key, with what would have lifted it and the balance that it found', async () => {
  const customerId = await signUp(stack, 'refused')
  await consume(stack, { customerId, quantity: '3', idempotencyKey: 'first' })
  await consume(stack, { customerId, quantity: '3', idempotencyKey: 'second' })
  await grantCredits(stack, { customerId, amount: '50', idempotencyKey: 'later' })

  const refused = await explainDecision(stack, customerId, 'second')
  expect(refused).toMatchObject({
    operation: 'CONSUME',
    meter: 'character_generation',
    quantity: '3',
    decision: { allowed: false, reason: 'INSUFFICIENT_CREDITS', cost: '3', available: '2' },
    balance: { available: '2', remaining: '2', grants: [{ grant: { amount: '5', remaining: '2' } }] },
  })
  expect(refused.text).toBe(
    'Refused: 3 × Character generation costs 3 credits, 2 were available; the overage of Free is BLOCK. Starter, Rolling, Premium or the bundle "100 credits" would have lifted it.',
  )
  const codes = refused.decision.remedies.flatMap(({ rateCard }) => rateCard?.code ?? [])
  expect(codes).toEqual(['starter', 'rolling', 'premium'])
  const allowed = await explainDecision(stack, customerId, 'first')
  expect(allowed.text).toBe('Allowed: 3 × Character generation costs 3 credits, 5 were available.')
  expect(allowed.balance).toMatchObject({ available: '5' })
})

test('decisions about holds are explained, and those that were given back', async () => {
  const customerId = await signUp(stack, 'held')
  const { hold } = await createHold(stack, { customerId, quantity: '4', idempotencyKey: 'h' })
  await extendHold(stack, hold?.id ?? '', '2', 'more')
  await consume(stack, { customerId, idempotencyKey: 'undone' })
  await voidUsage(stack, customerId, 'undone')

  expect(await explainDecision(stack, customerId, 'h')).toMatchObject({
    operation: 'CREATE_HOLD',
    quantity: '4',
    text: 'Allowed: 4 × Character generation costs 4 credits, 5 were available.',
    balance: { available: '5', held: '0' },
  })
  const refused = await explainDecision(stack, customerId, 'more')
  expect(refused).toMatchObject({ operation: 'EXTEND_HOLD', quantity: '2', balance: { available: '1', held: '4' } })
  expect(refused.text).toMatch(/^Refused: 2 × Character generation costs 2 credits, 1 was available/)
  const undone = await explainDecision(stack, customerId, 'undone')
  expect(undone).toMatchObject({ voided: true })
  expect(undone.text).toMatch(/ It was given back since\.$/)
})

test('no card, premium beyond its grants, and a spend limit have sentences of their own', async () => {
  const nobody = `mutation { upsertCustomer(input: { id: "no-card" }) { id } }`
  await dataOf(stack.query(nobody))
  await consume(stack, { customerId: 'no-card', idempotencyKey: 'k' })
  const none = await explainDecision(stack, 'no-card', 'k')
  expect(none).toMatchObject({ balance: null, decision: { reason: 'NO_SUBSCRIPTION' } })
  expect(none.text).toMatch(/^Refused: the customer had no card that rates 1 × Character generation\. /)

  const customerId = await start(stack, 'lavish', 'premium')
  await consume(stack, { customerId, quantity: '110', idempotencyKey: 'over' })
  expect((await explainDecision(stack, customerId, 'over')).text).toBe(
    'Allowed: 110 × Character generation costs 110 credits, 105 were available; the card charges for what is beyond the grants.',
  )
  await dataOf(
    stack.query(`mutation ($id: ID!) { setSpendLimit(customerId: $id, limit: "5.00") { id } }`, { id: customerId }),
  )
  await consume(stack, { customerId, quantity: '10', idempotencyKey: 'limit' })
  expect((await explainDecision(stack, customerId, 'limit')).text).toMatch(/would have gone beyond the spend limit/)
})

test('a key that names no decision is NOT_FOUND, and one that names two must say which', async () => {
  const customerId = await signUp(stack, 'keys')
  await recordUsage(stack, [{ customerId, idempotencyKey: 'recorded', value: '1' }])
  await consume(stack, { customerId, idempotencyKey: 'twice' })
  await createHold(stack, { customerId, quantity: '1', idempotencyKey: 'twice' })
  const asking = (key: string, operation: string | null = null) =>
    stack.query(EXPLAIN_DECISION, { customerId, key, operation })
  expect(await faultOf(asking('nothing'))).toBe('NOT_FOUND idempotencyKey')
  expect(await faultOf(asking('recorded'))).toBe('NOT_FOUND idempotencyKey')
  expect(await faultOf(asking('twice'))).toBe('CONFLICT operation')
  expect((await asking('twice', 'CREATE_HOLD')).data).toMatchObject({ explainDecision: { operation: 'CREATE_HOLD' } })
})
