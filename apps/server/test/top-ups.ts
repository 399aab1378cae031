import { available, consume, dataOf } from './calls.ts'
import { stripeAt } from './provider.ts'
import { refund } from './refunding.ts'
import { keyOf } from './rows.ts'
import { PURCHASE_BUNDLE } from './selling.ts'
import type { Peer, Stack } from './stack.ts'
import { publishRateCard } from './worked-example.ts'

// Customers who top up by themselves: their switch, their card, and what the project is told.

type Ask = Pick<Peer, 'query'>

export interface AutoTopUp {
  readonly enabled: boolean
  readonly threshold: string
  readonly bundle: { readonly code: string }
  readonly maxPerMonth: number | null
  readonly maxSpendPerMonth: string | null
  readonly state: string
  readonly actionUrl: string | null
  readonly nextAttemptAt: string | null
}

const FIELDS = `enabled threshold bundle { code } maxPerMonth maxSpendPerMonth state actionUrl nextAttemptAt`

const bundle = (code: string, credits: string, price: string) => ({
  code,
  name: `${credits} credits`,
  creditType: 'credits',
  credits,
  price,
})

/** A card that costs nothing and sells packs of several sizes. */
const METERED = {
  code: 'metered',
  name: 'Metered',
  public: false,
  usageRates: [
    {
      code: 'generations',
      name: 'Generations',
      meter: 'character_generation',
      creditType: 'credits',
      overage: 'BLOCK',
    },
  ],
  bundles: [bundle('pack-5', '5', '0.50'), bundle('pack-50', '50', '5.00'), bundle('pack-25000', '25000', '250.00')],
}

export async function publishPacks(to: Ask): Promise<void> {
  await publishRateCard(to, METERED)
}

export async function setAutoTopUp(
  to: Ask,
  customerId: string,
  input: object = {},
  authorization?: string,
): Promise<AutoTopUp> {
  const document = `mutation ($input: AutoTopUpInput!) { setAutoTopUp(input: $input) { ${FIELDS} } }`
  const terms = { creditType: 'credits', enabled: true, threshold: '10', bundle: 'pack-50', ...input }
  const answer = to.query<{ setAutoTopUp: AutoTopUp }>(document, { input: { customerId, ...terms } }, authorization)
  return (await dataOf(answer)).setAutoTopUp
}

export interface ToppedUp {
  readonly version: number
  readonly available: string
  readonly topUp: AutoTopUp
  readonly actionUrl: string | null
}

/** Balance and switch as the live state has them. */
export async function toppedUp(to: Ask, customerId: string): Promise<ToppedUp> {
  const document = `query ($id: ID!) { billingState(customerId: $id) { version actionUrl balances { available }
    autoTopUps { ${FIELDS} } } }`
  const { billingState } = await dataOf(
    to.query<{
      billingState: {
        version: number
        actionUrl: string | null
        balances: { available: string }[]
        autoTopUps: AutoTopUp[]
      }
    }>(document, { id: customerId }),
  )
  const [topUp] = billingState.autoTopUps
  if (!topUp) throw new Error(`${customerId} has no switch`)
  const { version, actionUrl, balances } = billingState
  return { version, actionUrl, available: balances[0]?.available ?? '0', topUp }
}

/** "READY with 60". */
export async function standing(to: Ask, customerId: string): Promise<string> {
  const { available, topUp } = await toppedUp(to, customerId)
  return `${topUp.state} with ${available}`
}

export const CARDS = {
  good: 'pm_card_visa',
  declined: 'pm_card_chargeCustomerFail',
  challenged: 'pm_card_authenticationRequired',
  /** Each charge is disputed a moment later. */
  disputed: 'pm_card_createDispute',
} as const

/** Puts a card on file that may be charged without its customer, as a portal would. */
export async function putCard(stack: Stack, customerId: string, card: keyof typeof CARDS = 'good'): Promise<void> {
  const { key, customer, id } = await attachCard(stack, customerId, card)
  await stack.database.query(
    `with method as (
       insert into payment_method (id, customer_pk, account, provider_method_id, type, brand, last4, exp_month, exp_year)
       values (gen_random_uuid(), $1, 'sandbox test', $3, 'CARD', 'visa', '4242', 12, 2034) returning id)
     insert into payment_profile (customer_pk, account, provider_customer_id, payment_method_id)
     select $1, 'sandbox test', $2, id from method
     on conflict (customer_pk, account) do update set payment_method_id = excluded.payment_method_id`,
    [key, customer, id],
  )
}

/** Makes the card that was declined one that the bank accepts: for Florin it stays the same. */
export async function mendCard(stack: Stack, customerId: string): Promise<void> {
  const { key, id } = await attachCard(stack, customerId, 'good')
  await stack.database.query(
    `with declined as (
       update auto_top_up set declines = jsonb_set(declines, '{card}', to_jsonb($2::text)) where customer_pk = $1)
     update payment_method m set provider_method_id = $2 from payment_profile p
     where p.customer_pk = $1 and m.id = p.payment_method_id`,
    [key, id],
  )
}

async function attachCard(stack: Stack, customerId: string, card: keyof typeof CARDS) {
  const key = await keyOf(stack.database, customerId)
  const stripe = stripeAt(stack)
  const [known] = await stack.database.query<{ id: string }>(
    `select provider_customer_id as id from payment_profile where customer_pk = $1`,
    [key],
  )
  const customer = known?.id ?? (await stripe.customers.create({})).id
  const { id } = await stripe.paymentMethods.attach(CARDS[card], { customer })
  return { key, customer, id }
}

/** Puts a customer into debt: buys so many credits in fives, spends all there is, and gets the money back. */
export async function owe(stack: Stack, customerId: string, credits: number): Promise<void> {
  const input = { customerId, bundle: 'pack-5', quantity: credits / 5, idempotencyKey: 'owe' }
  await dataOf(stack.query(PURCHASE_BUNDLE, { input }))
  const quantity = await available(stack, customerId)
  await consume(stack, { customerId, quantity, idempotencyKey: 'owe' })
  await refund(stack, customerId, 'owe')
}

/** From now on what happens is written down, as for a project with an endpoint. */
export async function listen({ database, project }: Stack): Promise<void> {
  await database.query(
    `insert into webhook_endpoint (id, project_id, url, types, secrets)
     values (gen_random_uuid(), $1, 'https://example.com/hooks', '{}', '[]')`,
    [project.id],
  )
}

export interface TopUpEvent {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What was told of a customer's top-ups, oldest first. */
export async function eventsOf({ database }: Stack, customerId: string): Promise<TopUpEvent[]> {
  return database.query<TopUpEvent>(
    `select substring(e.type from 13) as type, e.data from outbound_event e
     where e.customer_pk = $1 and e.type like 'auto_top_up.%' order by e.id`,
    [await keyOf(database, customerId)],
  )
}

export async function tellingsOf(stack: Stack, customerId: string): Promise<string[]> {
  return (await eventsOf(stack, customerId)).map(({ type }) => type)
}

/** Every attempt to charge the customer: what it was over, and how it ended. */
export async function attemptsOf({ database }: Stack, customerId: string): Promise<string[]> {
  const rows = await database.query<{ told: string }>(
    `select amount_minor || ' ' || status as told from payment where customer_pk = $1 order by id`,
    [await keyOf(database, customerId)],
  )
  return rows.map(({ told }) => told)
}

/** Lets workers look a payment up at once that they would leave to its opener for some seconds. */
export async function agePayments({ database }: Stack, customerId: string): Promise<void> {
  await database.query(
    `update payment set created_at = created_at - interval '1 hour' where customer_pk = $1 and status = 'PENDING'`,
    [await keyOf(database, customerId)],
  )
}
