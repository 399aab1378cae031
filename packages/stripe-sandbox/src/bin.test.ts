import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sdkFor } from './test-server.ts'

// What another team installs: the build, run by plain node.

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

// Processes take a while to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
let bin: string

beforeAll(async () => {
  // Below node_modules of the package, so that its dependencies are found.
  folder = mkdtempSync(join(PACKAGE, 'node_modules', '.build-'))
  bin = join(folder, 'bin.js')
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', folder], { cwd: PACKAGE })
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts it on a free port. */
async function start(...options: string[]) {
  const child = spawn(process.execPath, [bin, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1])
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      return (await once(child, 'exit'))[0] as number
    },
  }
}

test('it takes payments, and goes on where it was stopped', async () => {
  const stateFile = join(folder, 'state.json')
  const first = await start('--state-file', stateFile, '--account-id', 'acct_1Mine')
  const paid = await sdkFor(first.port).paymentIntents.create({
    amount: 500,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    allowed_payment_method_types: ['card'],
  })
  expect(paid.status).toBe('succeeded')
  expect((await sdkFor(first.port).accounts.retrieveCurrent()).id).toBe('acct_1Mine')
  expect(await first.stop()).toBe(0)
  const second = await start('--state-file', stateFile)
  expect((await sdkFor(second.port).paymentIntents.retrieve(paid.id)).amount_received).toBe(500)
  expect(await second.stop()).toBe(0)
})

test('it explains itself', async () => {
  const { stdout } = await run(process.execPath, [bin, '--help'])
  for (const option of ['--port', '--state-file', '--webhook-url', '--debit-seconds']) expect(stdout).toContain(option)
})

test.each([
  [['--port', 'http'], '--port must be a whole number'],
  [['--colour', 'red'], "Unknown option '--colour'"],
  [['--webhook-url', 'http://127.0.0.1:1/hook'], 'each --webhook-url needs a --webhook-secret'],
  [['--webhook-url', 'hook', '--webhook-secret', 'whsec_x'], '--webhook-url is not an address'],
])('%j is refused: %s', async (options, message) => {
  const refused = run(process.execPath, [bin, ...options])
  await expect(refused).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
})
