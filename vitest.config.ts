import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** Laws are tried with other examples in each run; the seed that is printed repeats them. */
const propertySeed = Number(process.env.FLORIN_TEST_SEED) || Date.now() % 2_147_483_647
const withSeed = {
  setupFiles: [fileURLToPath(new URL('tests/property-seed.ts', import.meta.url))],
  provide: { propertySeed },
}
/** A machine that is busy is no defect: who waits for something gives up late. */
const patient = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } }
// Pages speak the language of their reader: tests read English, whatever the machine speaks.
process.env.LC_ALL = 'en_US.UTF-8'
if (!process.env.VITEST_WORKER_ID) {
  process.stderr.write(
    `florin: property tests with seed ${propertySeed} (FLORIN_TEST_SEED=${propertySeed} repeats them)\n`,
  )
}

/** Pure functions and in-process servers: fast, and run before anything that needs PostgreSQL, Redis or a browser. */
function unit(name: string, root: string): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      root,
      include: ['{src,server}/**/*.test.{ts,tsx}'],
      sequence: { groupOrder: 0 },
      ...patient,
      ...withSeed,
    },
  }
}

/** The same for components, which wait for what appears. */
function components(name: string, root: string): TestProjectInlineConfiguration {
  const { test } = unit(name, root)
  const patience = fileURLToPath(new URL('packages/sdk/test-peer/patience.ts', import.meta.url))
  return { test: { ...test, setupFiles: [...withSeed.setupFiles, patience] } }
}

const tidy: TestProjectInlineConfiguration = {
  test: { name: 'tidy', include: ['tidy.test.ts', 'tests/{tidy,services}/*.test.ts'], sequence: { groupOrder: 0 } },
}

// Vite would take the package's ES modules for our imports, while the libraries beside us load its CommonJS: two realms.
const ONE_GRAPHQL = { find: /^graphql$/, replacement: 'graphql/index.js' }

/** The server on one real PostgreSQL and one real Redis, which start with the project. */
const server: TestProjectInlineConfiguration = {
  resolve: { alias: [ONE_GRAPHQL] },
  test: {
    name: 'server',
    root: 'apps/server',
    include: ['{src,test}/**/*.test.ts'],
    globalSetup: fileURLToPath(new URL('tests/services/global-setup.ts', import.meta.url)),
    ...patient,
    sequence: { groupOrder: 1 },
    ...withSeed,
    setupFiles: [...withSeed.setupFiles, './test/setup.ts'],
  },
}

/** The demo in Chromium, on a whole Florin of its own: last, with the machine to itself. */
const browser: TestProjectInlineConfiguration = {
  test: {
    name: 'browser',
    root: 'apps/demo',
    include: ['browser/**/*.test.ts'],
    globalSetup: fileURLToPath(new URL('tests/services/find-chromium.ts', import.meta.url)),
    ...patient,
    setupFiles: ['./browser/tell-failures.ts'],
    // In the order of their definition: what failed is told before a file closes its pages.
    sequence: { groupOrder: 2, hooks: 'list' },
  },
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      unit('core', 'packages/core'),
      components('sdk', 'packages/sdk'),
      unit('stripe-sandbox', 'packages/stripe-sandbox'),
      components('pages', 'apps/pages'),
      unit('demo', 'apps/demo'),
      tidy,
      server,
      browser,
    ],
  },
})
