import { createFlorin, type Florin } from '@florin/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { examples } from '../../../examples/pricing/examples.ts'
import { simulate } from '../../../examples/pricing/simulate.ts'
import { type Stack, startStack } from './stack.ts'

// What examples/pricing/run.ts shows beside npm start, on a server of the test run.

let stack: Stack
let florin: Florin

beforeAll(async () => {
  stack = await startStack()
  florin = createFlorin({ url: stack.graphqlUrl, secretKey: stack.secretKey })
})
afterAll(() => stack.close())

for (const example of examples) {
  test(example.name, async () => expect(await simulate(florin, example)).toEqual(example.expected))
}
