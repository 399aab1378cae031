import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  badNames,
  cyclesOf,
  forbiddenEdges,
  forbiddenModules,
  foreignFiles,
  graphqlEdges,
  type Home,
  importCycles,
  type Layer,
  misplacedWords,
  tooLong,
} from './tests/tidy/rules.ts'
import { listFiles, parseSource, readSources } from './tests/tidy/source.ts'

// ARCHITECTURE.md as a test. The tables are the architecture; what reads the code is in tests/tidy.

const SERVER = 'apps/server/src/'
const SDK = 'packages/sdk/src/'

/** The first layer that a file is in decides. */
const LAYERS: readonly Layer[] = [
  { files: 'packages/core/src/', may: [], packages: ['temporal-polyfill'] },
  { files: `${SDK}client/`, may: [`${SDK}generated/`, `${SDK}checkout/`], packages: ['graphql-ws'] },
  { files: `${SDK}checkout/`, may: [`${SDK}client/`], packages: [] },
  {
    files: `${SDK}react/`,
    may: [`${SDK}client/`, `${SDK}checkout/`, `${SDK}generated/`],
    packages: ['react', 'd3-array'],
  },
  { files: `${SDK}testing/`, may: [SDK], packages: ['react'] },
  { files: 'packages/stripe-sandbox/src/', may: [] },
  { files: `${SERVER}platform/`, may: [`${SERVER}config.ts`, `${SERVER}generated/`] },
  { files: `${SERVER}graphql/schema.ts`, may: [`${SERVER}graphql/`, `${SERVER}modules/`], packages: ['graphql'] },
  {
    files: `${SERVER}graphql/`,
    may: [`${SERVER}platform/`, `${SERVER}generated/`, `${SERVER}app.ts`, `${SERVER}modules/accounts/viewer.ts`],
  },
  {
    files: `${SERVER}modules/`,
    may: ['@florin/core', `${SERVER}platform/`, `${SERVER}graphql/`, `${SERVER}generated/`],
  },
  { files: SERVER, may: ['@florin/core', '@florin/stripe-sandbox'] },
  { files: 'apps/pages/', may: ['@florin/core', '@florin/sdk'] },
  { files: 'apps/demo/', may: ['@florin/sdk'] },
  { files: 'examples/', may: ['@florin/sdk'] },
  // The oracle shares no code with what it judges, nor with who asks.
  { files: 'tests/model/oracle', may: ['tests/model/decimal.ts', 'tests/model/world.ts'], packages: [] },
]

/** What the commands of a module may import besides their own. A lower module tells a higher one by an event. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  audit: ['ledger'],
  events: [],
  accounts: ['events'],
  catalog: ['accounts', 'events'],
  ledger: ['accounts', 'catalog', 'events'],
  invoices: ['accounts', 'events', 'ledger'],
  payments: ['accounts', 'catalog', 'events', 'invoices', 'ledger'],
  subscriptions: ['accounts', 'catalog', 'events', 'invoices', 'ledger', 'payments'],
  usage: ['accounts', 'catalog', 'events', 'ledger', 'subscriptions'],
  commitments: ['accounts', 'catalog', 'events', 'invoices', 'ledger', 'payments', 'subscriptions'],
  topups: ['accounts', 'catalog', 'events', 'invoices', 'ledger', 'payments', 'subscriptions'],
  emails: ['accounts', 'catalog', 'events', 'invoices', 'payments'],
  clock: ['accounts', 'catalog', 'commitments', 'events', 'ledger', 'payments', 'subscriptions', 'topups', 'usage'],
  checkout: ['accounts', 'catalog', 'commitments', 'events', 'invoices', 'payments', 'subscriptions', 'topups'],
  portal: ['accounts'],
  webhooks: ['accounts', 'events', 'payments'],
  'billing-state': [
    'accounts',
    'catalog',
    'commitments',
    'invoices',
    'ledger',
    'payments',
    'subscriptions',
    'topups',
    'usage',
  ],
}

/** Folders below a module that are modules by their files. */
const MODULE_FOLDERS = ['webhooks/inbound', 'webhooks/outbound']

/** Files of a module outside its vocabulary, and why. */
const OTHER_FILES: Readonly<Record<string, string>> = {
  'accounts/viewer.ts': 'who is asking: the type that every command takes',
  'accounts/customer-token.ts': 'signing and verifying are one format',
  'accounts/page-token.ts': 'the same for the tokens in addresses of hosted pages',
  'billing-state/latest.ts': 'the queue of length one between the feed and a slow reader',
  'ledger/grant-state.ts': 'a grant as it is stored in an answer, and back',
  'ledger/load-accounts.ts': 'one query with and without a lock',
  'emails/deps.ts': 'what composing and sending mails needs',
  'emails/mail-content.ts': 'what a mail says, shared by its HTML and its text',
  'invoices/deps.ts': 'what the commands of invoices are given',
  'invoices/sheet.ts': 'the page and the type that the parts of a document share',
  'payments/checkout-session.ts': 'the session, which pays for what modules above it sell',
  'payments/deps.ts': 'what the commands of payments are given',
  'payments/payment-profile.ts': 'the row that payments and returning cards share',
  'payments/provider.ts': 'the adapter for Stripe',
  'payments/provider-calls.ts': 'how every call to Stripe counts money and fails',
  'payments/provider-events.ts': 'the part of the adapter that hears of events',
  'payments/provider-checkouts.ts': 'the part of the adapter for card pages',
  'payments/provider-customers.ts': 'the part of the adapter for customers and what they have saved',
  'payments/provider-payments.ts': 'the part of the adapter for charges without the customer',
  'payments/provider-reversals.ts': 'the part of the adapter for refunds and disputes',
  'payments/purpose.ts': 'what a payment pays for: told by the modules above',
  'subscriptions/deps.ts': 'what the commands of subscriptions are given',
  'usage/check-event.ts': 'the checks of an event, one function per field',
  'usage/customer-usage.ts': 'what a batch knows about one customer while it decides',
  'usage/event-step.ts': 'what one event changes, at each customer of a tree that it concerns',
  'usage/recorded-usage.ts': 'the answer for one event, stored and shown',
  'usage/spend-request.ts': 'the request that consume and recordUsage make of the batch',
  'webhooks/inbound/deps.ts': 'what hearing of the provider needs',
  'webhooks/outbound/deps.ts': 'what telling endpoints needs',
}

const BEHIND_COMMANDS = ['stripe', 'ioredis', `${SERVER}modules/payments/provider.ts`]

// A browser has no request context to ask for the time, and the sandbox plays a foreign service with its own clock.
const OTHER_MACHINES = ['packages/sdk/', 'packages/stripe-sandbox/', 'apps/pages/', 'apps/demo/', 'examples/']
// Programs that people run by hand or in CI.
const TOOLS = ['scripts/', 'bench/', 'tests/', 'vitest.config.ts', 'tidy.test.ts']
const CLOCK = `${SERVER}platform/clock.ts`
const IDS = `${SERVER}platform/ids.ts`

const HOMES: readonly Home[] = [
  ...['Date.now', 'new Date()'].map((word) => ({
    word,
    except: [CLOCK, ...OTHER_MACHINES, ...TOOLS],
    remedy: 'Ask platform/clock.ts: a sandbox has a clock of its own.',
  })),
  ...['Math.random', 'randomUUID'].map((word) => ({
    word,
    except: [IDS, ...OTHER_MACHINES, ...TOOLS],
    remedy: 'Ask platform/ids.ts: one place decides how identifiers look.',
  })),
  {
    word: 'process.env',
    except: [`${SERVER}config.ts`, 'packages/stripe-sandbox/src/bin.ts', 'examples/', ...TOOLS],
    remedy: 'Add it to config.ts: the one list of what the environment may say.',
  },
  { word: 'await', within: ['packages/core/src/'], except: [], remedy: 'Core is pure: let the caller do the IO.' },
  { word: 'any', except: [], remedy: 'Name the type, or take unknown and check it.' },
  { word: '@ts-ignore', except: [], remedy: 'Make the types say what is true.' },
]

const LIMITS = { file: 300, function: 70 }

describe('the code follows the architecture', () => {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const paths = listFiles(root)
  const sources = readSources(root)

  it('imports only what its layer may', () => expect(forbiddenEdges(sources, LAYERS)).toEqual([]))
  it('has modules that form the DAG above', () => expect(forbiddenModules(sources, MODULES)).toEqual([]))
  it('keeps GraphQL out of commands, and services out of GraphQL', () =>
    expect(graphqlEdges(sources, BEHIND_COMMANDS)).toEqual([]))
  it('has no import cycle', () => expect(importCycles(sources)).toEqual([]))
  it('has short files and functions', () => expect(tooLong(sources, LIMITS)).toEqual([]))
  it('says each dangerous word in its home only', () => expect(misplacedWords(sources, HOMES)).toEqual([]))
  it('has only known kinds of files in a module', () =>
    expect(foreignFiles(paths, sources, OTHER_FILES, MODULE_FOLDERS)).toEqual([]))
  it('has names that say something', () => expect(badNames(paths)).toEqual([]))
})

describe('the tables', () => {
  it('hold a DAG of modules', () => expect(cyclesOf(new Map(Object.entries(MODULES)))).toEqual([]))

  it('name only files that exist', () => {
    const root = fileURLToPath(new URL('.', import.meta.url))
    const paths = listFiles(root)
    const gone = Object.keys(OTHER_FILES).filter((file) => !paths.includes(`${SERVER}modules/${file}`))
    expect(gone).toEqual([])
  })
})

/** The findings in one file of the given text. */
const bad = (path: string, text: string) => [parseSource(path, text)]

describe('each rule finds what it forbids', () => {
  const command = `${SERVER}modules/ledger/add-grant.ts`

  it.each([
    ['packages/core/src/price.ts', `import { readFile } from 'node:fs'`],
    ['packages/core/src/price.ts', `export { x } from '../../sdk/src/client/index.ts'`],
    [`${SDK}client/transport.ts`, `import { useState } from 'react'`],
    [`${SERVER}platform/log.ts`, `type A = import('../modules/ledger/add-grant.ts').Grant`],
    ['apps/demo/src/main.tsx', `const x = import('@florin/core')`],
  ])('a forbidden edge: %s: %s', (path, text) => {
    expect(forbiddenEdges(bad(path, text), LAYERS)).toEqual([expect.stringContaining(`${path}:1 imports`)])
  })

  it('a module above its caller, for types too', () => {
    const text = `\nimport type { Usage } from '../usage/consume.ts'\nimport { readCustomer } from '../accounts/read-customer.ts'`
    expect(forbiddenModules(bad(command, text), MODULES)).toEqual([
      expect.stringContaining(`${command}:2 ledger imports usage`),
    ])
    expect(forbiddenModules(bad(`${SERVER}modules/new/a.ts`, ''), MODULES)).toEqual([
      expect.stringContaining('unknown module'),
    ])
  })

  it('GraphQL in a command, and Stripe in GraphQL', () => {
    expect(
      graphqlEdges(bad(command, `import { builder } from '../../graphql/builder.ts'`), BEHIND_COMMANDS),
    ).toHaveLength(1)
    expect(graphqlEdges(bad(command, `import { GrantRef } from './graphql.ts'`), BEHIND_COMMANDS)).toHaveLength(1)
    const graphql = `${SERVER}modules/payments/graphql/types.ts`
    expect(graphqlEdges(bad(graphql, `import Stripe from 'stripe'`), BEHIND_COMMANDS)).toHaveLength(1)
    expect(graphqlEdges(bad(graphql, `import { a } from '../provider.ts'`), BEHIND_COMMANDS)).toHaveLength(1)
    expect(
      graphqlEdges(bad(graphql, `import { builder } from '../../../graphql/builder.ts'`), BEHIND_COMMANDS),
    ).toEqual([])
  })

  it('a circle of imports, but not of types', () => {
    const circle = (how: string) => [
      ...bad('a.ts', `import { b } from './b.ts'`),
      ...bad('b.ts', `import { c } from './c.ts'`),
      ...bad('c.ts', `import ${how} { a } from './a.ts'`),
    ]
    expect(importCycles(circle(''))).toEqual([expect.stringContaining('a.ts → b.ts → c.ts → a.ts')])
    expect(importCycles(circle('type'))).toEqual([])
  })

  it('a long file and a long function', () => {
    const body = '\n'.repeat(LIMITS.function)
    expect(tooLong(bad('a.ts', `const a = 1\nfunction long() {${body}}`), LIMITS)).toEqual([
      expect.stringContaining('a.ts:2 long has 71 lines'),
    ])
    expect(tooLong(bad('a.ts', '\n'.repeat(LIMITS.file)), LIMITS)).toEqual([])
    expect(tooLong(bad('a.ts', '\n'.repeat(LIMITS.file + 1)), LIMITS)).toEqual([expect.stringContaining('301 lines')])
  })

  it.each([
    'const t = Date.now()',
    'const t = new Date()',
    'const t = Math.random()',
    'const t = crypto.randomUUID()',
    `import { randomUUID } from 'node:crypto'`,
    'const t = process.env.HOME',
    'let t: any',
    '// @ts-ignore',
  ])('a word outside its home: %s', (text) => {
    expect(misplacedWords(bad(command, text), HOMES)).toEqual([expect.stringContaining(`${command}:1 says`)])
  })

  it('a word at home', () => {
    expect(misplacedWords(bad(CLOCK, 'const t = Date.now()'), HOMES)).toEqual([])
    expect(misplacedWords(bad(command, 'const t = new Date(5)'), HOMES)).toEqual([])
    expect(misplacedWords(bad('packages/core/src/price.ts', 'await 1'), HOMES)).toHaveLength(1)
  })

  it('a file that no module has', () => {
    const found = (path: string, text = '') => foreignFiles([path], bad(path, text), OTHER_FILES, MODULE_FOLDERS)
    expect(found(command, 'export function addGrant() {}')).toEqual([])
    expect(found(command, 'export function createAddGrant() {}')).toEqual([])
    expect(found(command, 'export function somethingElse() {}')).toHaveLength(1)
    expect(found(`${SERVER}modules/webhooks/inbound/settle-charge.ts`, 'export const settleCharge = 1')).toEqual([])
    expect(found(`${SERVER}modules/ledger/sql/add-grant.ts`, 'export const addGrant = 1')).toHaveLength(1)
    expect(found(`${SERVER}modules/accounts/viewer.ts`)).toEqual([])
  })

  it.each(['apps/server/src/utils/a.ts', 'apps/pages/src/helpers.ts', 'apps/demo/index.ts', 'apps/demo/MyView.tsx'])(
    'a bad name: %s',
    (path) => expect(badNames([path])).toEqual([expect.stringContaining(`${path}:1`)]),
  )
})
