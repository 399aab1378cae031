import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const tests = ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}']

// Vite would take the package's ES modules for our imports, while the libraries beside us load its CommonJS: two realms.
const ONE_GRAPHQL = { find: /^graphql$/, replacement: 'graphql/index.js' }

/** Pure functions and in-process servers: fast, and run before anything that needs PostgreSQL, Redis or a browser. */
function unit(name: string, root: string): TestProjectInlineConfiguration {
  return { test: { name, root, include: tests, sequence: { groupOrder: 0 } } }
}

/** Against real services, which the first such project starts for the whole run. */
function integration(name: string, root: string, groupOrder: number): TestProjectInlineConfiguration {
  return {
    resolve: { alias: [ONE_GRAPHQL] },
    test: {
      name,
      root,
      include: tests,
      globalSetup: new URL('./tests/services/global-setup.ts', import.meta.url).pathname,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      sequence: { groupOrder },
    },
  }
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      unit('core', 'packages/core'),
      unit('sdk', 'packages/sdk'),
      unit('stripe-sandbox', 'packages/stripe-sandbox'),
      unit('pages', 'apps/pages'),
      { test: { name: 'tidy', include: ['tidy.test.ts', 'tests/**/*.test.ts'], sequence: { groupOrder: 0 } } },
      integration('server', 'apps/server', 1),
      integration('browser', 'apps/demo', 2),
    ],
  },
})
