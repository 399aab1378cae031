import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema, isObjectType, parse, type SelectionSetNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { expect, test } from 'vitest'
import { createFlorin } from './create-florin.ts'

const read = (path: string) => readFile(join(import.meta.dirname, path), 'utf8')
const schema = buildSchema(await read('../../../../schema.graphql'))

/** A customer's state has a method of its own, and would be most of every answer about a customer. */
const LEFT_OUT = ['Customer.billingState']
/** Of a parent the id: the rest is an answer about another customer. */
const PARENT = 'parent'
/** Asked by the hosted pages, whose credential is the token in their address. */
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
/** What the client has beside the contract's operations. */
const OWN = ['request', 'watchBillingState']
const ROOTS = new Set(['Query', 'Mutation', 'Subscription'])

const namesIn = ({ selections }: SelectionSetNode) =>
  selections.flatMap((selection) => (selection.kind === 'Field' ? [selection.name.value] : []))

/** "Type.field" for each field that a selection of that type does not name. A spread alone is looked at as a fragment. */
function missingFields(source: string): string[] {
  const missing: string[] = []
  const types = new TypeInfo(schema)
  visit(
    parse(source),
    visitWithTypeInfo(types, {
      Field({ name }) {
        return name.value === PARENT ? false : undefined
      },
      SelectionSet(node) {
        const type = types.getParentType()
        const named = namesIn(node)
        if (!isObjectType(type) || ROOTS.has(type.name) || named.length === 0) return
        const left = Object.keys(type.getFields()).filter((field) => !named.includes(field))
        missing.push(...left.map((field) => `${type.name}.${field}`))
      },
    }),
  )
  return missing
}

const methods = Object.keys(createFlorin({ url: 'http://127.0.0.1:1/graphql', secretKey: 'sk_test' }))

test('there is a method for each operation of a backend', () => {
  const operations = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  )
  expect([...methods, ...OF_PAGES].sort()).toEqual([...operations, ...OWN].sort())
})

test('the README names each method', async () => {
  const named = [...(await read('../../README.md')).matchAll(/`(?:florin\.)?(\w+)[`(]/g)].map(([, name]) => name)
  expect(methods.filter((method) => !named.includes(method))).toEqual([])
})

test('an answer has every field of the contract', async () => {
  const files = await readdir(join(import.meta.dirname, 'operations'))
  const sources = await Promise.all(files.map((file) => read(`operations/${file}`)))
  expect([...new Set(sources.flatMap(missingFields))]).toEqual(LEFT_OUT)
})
