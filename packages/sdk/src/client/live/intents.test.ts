import { expect, test } from 'vitest'
import { FlorinConnectionError, FlorinError } from '../errors.ts'
import { createIntents } from './intents.ts'

const INPUT = { bundle: 'pack' }
const lost = new FlorinConnectionError('No answer', { code: 'TIMED_OUT', retryable: true })
const passing = new FlorinError('Try again', { code: 'PAYMENT_PROVIDER_UNAVAILABLE', retryable: true })
const refused = new FlorinError('You have it', { code: 'CONFLICT' })

/** Sends that remember their keys and end as told, in order. */
function setUp(...endings: (Error | string)[]) {
  const keys: string[] = []
  const intend = createIntents()
  const click = (input: object = INPUT, operation = 'purchaseBundle') =>
    intend(operation, input, async (key) => {
      keys.push(key)
      const ending = endings.shift()
      if (ending instanceof Error) throw ending
      return ending
    })
  return { keys, click }
}

test('a double click is sent once', async () => {
  const { keys, click } = setUp('bought')
  expect(await Promise.all([click(), click({ ...INPUT })])).toEqual(['bought', 'bought'])
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
})

test.each([lost, passing])('after $code the same click has the same key', async (unknown) => {
  const { keys, click } = setUp(unknown, 'bought', 'bought again')
  await expect(click()).rejects.toBe(unknown)
  await click()
  expect(keys[1]).toBe(keys[0])

  await click()
  expect(keys[2]).not.toBe(keys[0])
})

test('what was refused, other input and other operations are other clicks', async () => {
  const { keys, click } = setUp(refused, 'ok', 'ok', 'ok')
  await expect(click()).rejects.toBe(refused)
  await Promise.all([click(), click({ bundle: 'other' }), click(INPUT, 'subscribe')])
  expect(new Set(keys).size).toBe(4)
})
