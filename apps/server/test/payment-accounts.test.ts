import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from './at-once.ts'
import { available, billingState, dataOf } from './calls.ts'
import { advanceBy, DAY } from './living.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { addMethod, methodsOf, namesOf } from './paying-methods.ts'
import { breakProvider, stripeAt } from './provider.ts'
import { keyOf } from './rows.ts'
import { purchaseBundle, tokenOf } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { attemptsOf } from './top-ups.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

async function buyer(customerId: string): Promise<string> {
  await signUp(stack, customerId)
  await addMethod(stack, customerId, GOOD_CARD)
  return customerId
}

async function profilesOf(customerId: string) {
  return stack.database.query<{ id: string; account: string; active: boolean }>(
    `select provider_customer_id as id, account, active from payment_profile where customer_pk = $1 order by account`,
    [await keyOf(stack.database, customerId)],
  )
}

/** As if all that is known of customers had been saved with the key of another account. */
async function pretendElsewhere(): Promise<void> {
  await stack.database.query(`update payment_method set account = 'acct_other test'`)
  await stack.database.query(`update payment_profile set account = 'acct_other test'`)
}

describe('when the key is of another account', () => {
  test('what was saved is left alone, nobody is charged with it, and it is there on the way back', async () => {
    await buyer('moves')
    await pretendElsewhere()
    const { version } = await billingState(stack, 'moves')
    // A worker of a process that has just started.
    const peer = await stack.addPeer()
    await until(
      () => billingState(stack, 'moves'),
      (state) => state.paymentMethod === null && state.version > version,
    )
    const sold = await purchaseBundle(stack, 'moves', 'one')
    expect(await payCheckout(stack, tokenOf(sold), GOOD_CARD)).toMatchObject({ status: 'COMPLETED' })
    const profiles = await profilesOf('moves')
    expect(profiles.map(({ account, active }) => `${account} ${active}`)).toEqual([
      'acct_other test false',
      'sandbox test true',
    ])
    expect(namesOf(await methodsOf(stack, 'moves'))).toBe('4242 default')
    await peer.close()
  })

  test('also where no worker has looked yet: the payment fails and the customer is asked', async () => {
    await buyer('early')
    const key = await keyOf(stack.database, 'early')
    await stack.database.query(`update payment_method set account = 'acct_other test' where customer_pk = $1`, [key])
    await stack.database.query(`update payment_profile set account = 'acct_other test' where customer_pk = $1`, [key])
    const sold = await purchaseBundle(stack, 'early', 'one')
    expect(sold.__typename).toBe('CheckoutRequired')
    expect(await attemptsOf(stack, 'early')).toEqual(['1000 FAILED'])
    expect(await payCheckout(stack, tokenOf(sold), GOOD_CARD)).toMatchObject({ status: 'COMPLETED' })
    expect(await available(stack, 'early')).toBe('105')
  })
})

describe('what happens at the provider', () => {
  test('a customer who is deleted there has nothing on file here', async () => {
    await buyer('deleted')
    const [profile] = await profilesOf('deleted')
    await stripeAt(stack).customers.del(profile?.id as string)
    await until(
      () => billingState(stack, 'deleted'),
      ({ paymentMethod }) => paymentMethod === null,
    )
    await addMethod(stack, 'deleted', GOOD_CARD)
    expect(namesOf(await methodsOf(stack, 'deleted'))).toBe('4242 default')
  })

  test('a card that is detached there is gone here, and the next one is charged', async () => {
    await buyer('detached')
    await addMethod(stack, 'detached', '5555555555554444', { makeDefault: true })
    const [method] = await stack.database.query<{ id: string }>(
      `select provider_method_id as id from payment_method where customer_pk = $1 and last4 = '4444'`,
      [await keyOf(stack.database, 'detached')],
    )
    await stripeAt(stack).paymentMethods.detach(method?.id as string)
    await until(
      () => methodsOf(stack, 'detached'),
      (methods) => namesOf(methods) === '4242 default',
    )
  })
})

test('an attempt is asked for with the same key and the same parameters, whatever has changed meanwhile', async () => {
  await buyer('repeats')
  await breakProvider(stack, { match: 'POST /v1/payment_intents', fault: 'error_500_after', times: 3 })
  await expect(purchaseBundle(stack, 'repeats', 'one')).rejects.toThrow('is being looked up')
  const rename = `mutation { upsertCustomer(input: { id: "repeats", name: "Grace", email: "grace@example.com" }) { id } }`
  await dataOf(stack.query(rename))
  await addMethod(stack, 'repeats', '5555555555554444', { makeDefault: true })
  await advanceBy(stack, 3 * DAY)
  // The provider refuses a key that comes with other parameters.
  expect((await purchaseBundle(stack, 'repeats', 'one')).__typename).toBe('PurchaseSuccess')
  const [profile] = await profilesOf('repeats')
  expect((await stripeAt(stack).paymentIntents.list({ customer: profile?.id as string })).data).toHaveLength(1)
  expect(await attemptsOf(stack, 'repeats')).toEqual(['1000 SUCCEEDED'])
})
