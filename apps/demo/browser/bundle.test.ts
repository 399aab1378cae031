import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'

/** The modules that end up in an app with these lines. */
async function bundled(lines: string): Promise<string[]> {
  const entry = join(import.meta.dirname, '../src/entry.js')
  const output = (await build({
    logLevel: 'silent',
    configFile: false,
    plugins: [
      {
        name: 'entry',
        load: (id) => (id === entry ? lines : undefined),
        resolveId: (id) => (id === entry ? id : undefined),
      },
    ],
    build: { write: false, rolldownOptions: { input: entry } },
  })) as Rolldown.RolldownOutput
  const { modules } = output.output[0]
  return Object.entries(modules).flatMap(([id, { renderedLength }]) => (renderedLength > 0 ? [id] : []))
}

test('hooks alone bring no component, no words and no chart library', async () => {
  const lines = `
    import { BillingProvider, useBillingState, usePaywall, openCheckout } from '@florin/sdk/react'
    console.log(BillingProvider, useBillingState, usePaywall, openCheckout)`
  const modules = await bundled(lines)
  expect(modules.some((id) => id.includes('sdk/src/react/use-paywall'))).toBe(true)
  expect(modules.filter((id) => /react\/(components|texts)\/|d3-|internmap|use-usage-chart/.test(id))).toEqual([])
})

test('a balance brings no chart library', async () => {
  const modules = await bundled(`import { CreditBalance } from '@florin/sdk/react'\nconsole.log(CreditBalance)`)
  expect(modules.some((id) => id.includes('components/credit-balance'))).toBe(true)
  expect(modules.filter((id) => /d3-|internmap|pricing-table|chart/.test(id))).toEqual([])
})
