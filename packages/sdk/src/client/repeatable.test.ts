import { expect, test } from 'vitest'
import {
  AdvanceClockDocument,
  ConsumeDocument,
  RecordUsageDocument,
  VoidGrantDocument,
} from '../generated/operations.ts'
import { isRepeatable } from './repeatable.ts'

const keyed = { idempotencyKey: 'k' }

test.each<[document: string, variables: unknown, repeatable: boolean]>([
  ['{ clock }', {}, true],
  ['query ($id: ID!) { customer(id: $id) { id } }', { id: 'user_123' }, true],
  [ConsumeDocument, { input: keyed }, true],
  [ConsumeDocument, { input: {} }, false],
  [AdvanceClockDocument, { to: '2027-01-01T00:00:00Z' }, false],
  [VoidGrantDocument, keyed, true],
  [RecordUsageDocument, { events: [keyed, keyed] }, true],
  [RecordUsageDocument, { events: [keyed, {}] }, false],
  [RecordUsageDocument, { events: [] }, false],
  ['fragment F on Wallet { id } mutation { createWallet(input: {}) { ...F } }', {}, false],
])('%.40s with %j: %s', (document, variables, repeatable) => {
  expect(isRepeatable(document, variables)).toBe(repeatable)
})
