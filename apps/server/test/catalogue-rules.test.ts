import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from './at-once.ts'
import { consume, dataOf, faultOf } from './calls.ts'
import { live, start } from './living.ts'
import { addressOf, type MailServer, startMailServer } from './mail-server.ts'
import { payCheckout } from './pay-checkout.ts'
import { URLS } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { FREE, PREMIUM, publishRateCard, publishWorkedExample, STARTER } from './worked-example.ts'

// What the cards of a catalogue mean to each other.

let mails: MailServer
let stack: Stack

beforeAll(async () => {
  mails = await startMailServer()
  stack = await startStack({ smtpUrl: mails.url })
  await publishWorkedExample(stack)
  await dataOf(
    stack.query(
      `mutation { defineMeter(input: { code: "voices", eventName: "voices", aggregation: COUNT }) { code } }`,
    ),
  )
  const voiceRate = { code: 'voices', name: 'Voices', meter: 'voices', creditType: 'credits', overage: 'BLOCK' }
  await publishRateCard(stack, { ...FREE, code: 'voices', name: 'Voices', usageRates: [voiceRate] })
  await publishRateCard(stack, {
    ...PREMIUM,
    code: 'both',
    name: 'Both',
    usageRates: [...STARTER.usageRates, voiceRate],
    allowances: [{ creditType: 'credits', amount: '500' }],
  })
})
afterAll(async () => {
  mails.release()
  await stack.close()
  await mails.close()
})

const CHECKOUT = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
const openCheckout = (customerId: string, rateCard: string) =>
  stack.query<{ createCheckoutSession: { token: string } }>(CHECKOUT, {
    input: { customerId, rateCard, checkout: URLS },
  })
const cardsOf = async (customerId: string) =>
  (await live(stack, customerId)).subscriptions.map(({ rateCard }) => rateCard.code)

const CHECK = `query ($customerId: ID!) { check(customerId: $customerId, meter: "character_generation", quantity: "200") {
  remedies { ... on RateCardRemedy { rateCard { code } } ... on BundleRemedy { bundle { code } } } } }`
type Checked = { check: { remedies: { rateCard?: { code: string }; bundle?: { code: string } }[] } }

/** The codes of what would help against a lack of credits. */
async function remedies(customerId: string): Promise<string[]> {
  const { check } = await dataOf(stack.query<Checked>(CHECK, { customerId }))
  return check.remedies.flatMap(({ rateCard, bundle }) => rateCard?.code ?? bundle?.code ?? []).sort()
}

describe('a card that a customer could have', () => {
  it('is a remedy where one change leads to it, and not where two of their cards are in its way', async () => {
    await start(stack, 'one', 'free')
    expect(await remedies('one')).toEqual(['both', 'premium'])
    await start(stack, 'two', 'free')
    await start(stack, 'two', 'voices')
    expect(await remedies('two')).toEqual(['premium'])
    expect(await faultOf(openCheckout('two', 'both'))).toBe('CONFLICT rateCard')
  })

  it('takes the place of the plan that rates nothing, as its own does', async () => {
    const plan = (code: string, price: string) => ({
      code,
      name: code,
      fixedRates: [{ code: 'base', name: code, price: { flat: { amount: price } } }],
    })
    await publishRateCard(stack, plan('silver', '10.00'))
    await publishRateCard(stack, plan('gold', '30.00'))
    await start(stack, 'plain', 'silver')
    const { createCheckoutSession } = await dataOf(openCheckout('plain', 'gold'))
    await payCheckout(stack, createCheckoutSession.token)
    expect(await cardsOf('plain')).toEqual(['gold'])
    expect(await faultOf(openCheckout('plain', 'gold'))).toBe('CONFLICT rateCard')

    const added = await dataOf(openCheckout('plain', 'premium'))
    await payCheckout(stack, added.createCheckoutSession.token)
    expect(await cardsOf('plain')).toEqual(['gold', 'premium'])
  })
})

describe('a bundle of one code on several cards', () => {
  const selling = (credits: string, price: string) => [
    { code: 'refill', name: `${credits} credits`, creditType: 'credits', credits, price },
  ]

  it('is what the own card sells: at the checkout, and as a remedy', async () => {
    await publishRateCard(stack, { ...FREE, code: 'small', name: 'Small', bundles: selling('10', '5.00') })
    await publishRateCard(stack, { ...FREE, code: 'large', name: 'Large', bundles: selling('300', '50.00') })
    const BUY = `mutation ($input: PurchaseBundleInput!) { purchaseBundle(input: $input) {
      ... on CheckoutRequired { token } } }`
    type Bought = { purchaseBundle: { token: string } }
    const buy = async (customerId: string) => {
      const input = { customerId, bundle: 'refill', checkout: URLS, idempotencyKey: 'refill' }
      const { purchaseBundle } = await dataOf(stack.query<Bought>(BUY, { input }))
      return (await payCheckout(stack, purchaseBundle.token)).invoice?.total
    }
    await start(stack, 'small', 'small')
    await start(stack, 'large', 'large')
    expect(await remedies('large')).toContain('refill')
    expect(await remedies('small')).not.toContain('refill')
    expect([await buy('small'), await buy('large')]).toEqual(['5.00', '50.00'])
  })

  it('is no remedy where the code buys that of another of their cards', async () => {
    const voiceRate = { code: 'voices', name: 'Voices', meter: 'voices', creditType: 'credits', overage: 'BLOCK' }
    await publishRateCard(stack, {
      ...FREE,
      code: 'voice-packs',
      name: 'Voice packs',
      usageRates: [voiceRate],
      bundles: selling('20', '8.00'),
    })
    await start(stack, 'mixed', 'voice-packs')
    await start(stack, 'mixed', 'large')
    expect(await remedies('mixed')).not.toContain('refill')
  })

  it('is named in mails as the card calls it that the customer agreed to', async () => {
    const named = (code: string, name: string) => ({
      ...FREE,
      code,
      name: code,
      public: false,
      bundles: [{ code: 'pack', name, creditType: 'credits', credits: '50', price: '5.00' }],
    })
    await publishRateCard(stack, named('packs', 'Fifty credits'))
    await publishRateCard(stack, named('other-packs', 'A pack of other credits'))
    await start(stack, 'toby', 'packs')
    const UPSERT = `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`
    await dataOf(stack.query(UPSERT, { input: { id: 'toby', email: 'toby@example.com' } }))
    const SWITCH = `mutation ($input: AutoTopUpInput!) { setAutoTopUp(input: $input) { state } }`
    const input = { customerId: 'toby', creditType: 'credits', enabled: true, threshold: '4', bundle: 'pack' }
    await dataOf(stack.query(SWITCH, { input }))
    await consume(stack, { customerId: 'toby', idempotencyKey: 'most', quantity: '3' })
    const [mail] = await until(
      async () => mails.received.filter((each) => addressOf(each).includes('toby@')),
      (all) => all.length > 0,
    )
    expect(mail?.text).toContain('Top-up: Fifty credits')
  })
})
