import { expect, test } from 'vitest'
import { describeTopUp } from './describe-failure.ts'

test.each([
  ['no_card', 'There is no payment method on file.'],
  ['declined', 'Your bank declined the card.'],
  ['disputed', 'An earlier payment of yours is in dispute.'],
])('a top-up that waits for the customer says why: %s', (reason, sentence) => {
  const mail = describeTopUp({ seller: 'Tests', bundle: '100 credits', reason, actionUrl: 'http://localhost:4000/' })
  expect(mail.preview).toBe(`100 credits: ${sentence}`)
})
