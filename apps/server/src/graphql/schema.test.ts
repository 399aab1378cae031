import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accessOf } from './auth.ts'
import { buildSchema, printContract } from './schema.ts'

/** Their credential is the token that they take. */
const OF_PAGES = [
  'changeCheckout',
  'checkout',
  'confirmCheckout',
  'createPortalToken',
  'invoice',
  'payCheckout',
  'payInvoice',
  'portal',
]

test('schema.graphql is what the server serves (after a change on purpose: pnpm --filter @florin/server run print-schema)', () => {
  const committed = readFileSync(new URL('../../../../schema.graphql', import.meta.url), 'utf8')
  expect(printContract()).toBe(committed)
})

test('every root field says who may ask, and only hosted pages are public', () => {
  const schema = buildSchema()
  const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {}),
  )
  const open = fields.filter((field) => accessOf(field) === 'public').map(({ name }) => name)
  expect(open.sort()).toEqual(OF_PAGES)
  expect(fields.filter((field) => accessOf(field) === undefined)).toEqual([])
})
