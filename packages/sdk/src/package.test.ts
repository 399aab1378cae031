import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What an app installs, made by `npm pack` from a copy: the manifest changes while it packs, and others read ours meanwhile.

const run = promisify(execFile)
const SDK = join(import.meta.dirname, '..')
const ROOT = join(SDK, '../..')
/** What npm would install beside it: its dependencies, and what an app with React and TypeScript has. */
const BESIDE = ['d3-array', 'graphql-ws', 'graphql', 'react', 'react-dom', '@types/react', '@types/react-dom']

let place = ''
const app = (...path: string[]) => join(place, 'app', ...path)
const installed = (...path: string[]) => app('node_modules/@florin/sdk', ...path)

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'florin-package-'))
  const copy = join(place, 'repository/packages/sdk')
  await cp(SDK, copy, { recursive: true, filter: (path) => !/[\\/](node_modules|dist)$/.test(path) })
  for (const file of ['tsconfig.base.json', 'schema.graphql'])
    await cp(join(ROOT, file), join(place, 'repository', file))
  await symlink(join(SDK, 'node_modules'), join(copy, 'node_modules'))
  await symlink(join(ROOT, 'node_modules'), join(place, 'repository/node_modules'))
  await run('npm', ['pack', '--pack-destination', place], { cwd: copy })
  expect(await readFile(join(copy, 'package.json'), 'utf8')).toBe(await readFile(join(SDK, 'package.json'), 'utf8'))

  await mkdir(installed(), { recursive: true })
  const [tarball] = (await readdir(place)).filter((name) => name.endsWith('.tgz'))
  await run('tar', ['-xzf', join(place, String(tarball)), '-C', installed(), '--strip-components', '1'])
  for (const name of BESIDE) {
    await mkdir(app('node_modules', name, '..'), { recursive: true })
    await symlink(join(SDK, 'node_modules', name), app('node_modules', name))
  }
}, 240_000)

afterAll(() => rm(place, { recursive: true, force: true }))

const files = async () => (await readdir(installed(), { recursive: true })).map((path) => path.replaceAll('\\', '/'))

test('the package has what its exports name, built, and no source', async () => {
  const { exports } = JSON.parse(await readFile(installed('package.json'), 'utf8'))
  const named = Object.values(exports).flatMap((one) => Object.values(one as Record<string, string>))
  const all = await files()
  expect(Object.keys(exports)).toEqual(['.', './react', './testing', './styles.css'])
  expect(named.filter((path) => !all.includes(path.slice('./'.length)))).toEqual([])
  expect(all.filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))).toEqual([])
  expect(all.filter((path) => /\.test\.|^src|^test-peer/.test(path))).toEqual([])
})

test('components are the browser’s and the backend’s client is anybody’s', async () => {
  const firstLine = async (entry: string) =>
    (await readFile(installed('dist', entry, 'index.js'), 'utf8')).split('\n')[0]
  expect(await firstLine('react')).toBe("'use client';")
  expect(await firstLine('testing')).toBe("'use client';")
  expect(await firstLine('client')).not.toContain('use client')
})

/** An app without React, and a runtime without Node's modules, such as an edge, load the backend's client. */
test('the backend’s client needs nothing but what runs everywhere', async () => {
  const seen = new Map<string, string[]>()
  const follow = async (file: string): Promise<void> => {
    if (seen.has(file)) return
    const source = await readFile(file, 'utf8')
    const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, from]) => String(from))
    seen.set(file, imports)
    for (const from of imports) if (from.startsWith('.')) await follow(join(file, '..', from))
  }
  await follow(installed('dist/client/index.js'))
  const packages = [...seen.values()].flat().filter((from) => !from.startsWith('.'))
  expect([...new Set(packages)]).toEqual(['graphql-ws/client'])
})

test.each([
  ['imported', 'app.mjs', 'await import'],
  ['required', 'app.cjs', 'require'],
])('Node runs it when it is %s', async (_, name, load) => {
  const entries = "['@florin/sdk', '@florin/sdk/react', '@florin/sdk/testing']"
  await writeFile(app(name), `for (const entry of ${entries}) console.log(Object.keys(${load}(entry)).length > 2)`)
  const { stdout } = await run(process.execPath, [app(name)])
  expect(stdout).toBe('true\ntrue\ntrue\n')
})

const PAGE = `
import { createFlorin, FlorinError, type BillingState } from '@florin/sdk'
import { BillingProvider, CreditBalance, Paywall, PricingTable, UsageChart, useBillingState } from '@florin/sdk/react'
import { MockBillingProvider, mockBillingState } from '@florin/sdk/testing'
import '@florin/sdk/styles.css'

const florin = createFlorin({ url: 'http://127.0.0.1:4000/graphql', secretKey: 'sk_test' })
export const spend = async (): Promise<boolean> =>
  (await florin.consume({ customerId: 'a', meter: 'm', quantity: 1, idempotencyKey: 'k' })).decision.allowed
export const isOurs = (thrown: unknown): thrown is FlorinError => thrown instanceof FlorinError
export const state: BillingState = mockBillingState()

function Left() {
  const left: string | undefined = useBillingState().balance('credits')?.available
  return <p>{left}</p>
}
export const page = (
  <BillingProvider url="/graphql" token={async () => 'ct_'} initialState={state}>
    <MockBillingProvider><Left /></MockBillingProvider>
    <CreditBalance /> <PricingTable /> <UsageChart meter="m" /> <Paywall meter="m">now</Paywall>
  </BillingProvider>
)
// @ts-expect-error: an input without its customer is no input
void florin.consume({ meter: 'm', idempotencyKey: 'k' })
`

test.each([
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ['Node', { module: 'nodenext', moduleResolution: 'nodenext' }],
])(
  'its types hold for %s, every declaration checked',
  async (_, resolution) => {
    await writeFile(app('package.json'), JSON.stringify({ type: 'module' }))
    await writeFile(app('page.tsx'), PAGE)
    const compilerOptions = {
      ...resolution,
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      jsx: 'react-jsx',
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      types: [],
    }
    await writeFile(app('tsconfig.json'), JSON.stringify({ compilerOptions, files: ['page.tsx'] }))
    const { stdout } = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', app()]).catch((failed) => failed)
    expect(stdout).toBe('')
  },
  120_000,
)
