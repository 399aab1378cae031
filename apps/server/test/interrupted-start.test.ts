import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../src/platform/free-port.ts'

// Ctrl-C in the first seconds, when a part is just starting and nobody holds it yet.

const START = fileURLToPath(new URL('../src/start.ts', import.meta.url))

let home: string

beforeAll(async () => {
  home = await mkdtemp('/tmp/florin-test-home-')
  await chmod(home, 0o755) // as root the database runs as another account, which must pass
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** Starts Florin, sends it SIGINT as soon as it has said `line`, and answers all that it said. */
async function interrupt(line: string): Promise<string> {
  const florin = spawn(process.execPath, ['--import', 'tsx', START], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, FLORIN_HOME: home, FLORIN_PORT: String(await freePort()), FLORIN_DEMO: 'off' },
  })
  let said = ''
  for (const stream of [florin.stdout, florin.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      const before = said
      said += chunk
      if (said.includes(line) && !before.includes(line)) florin.kill('SIGINT')
    })
  }
  expect(await once(florin, 'close')).toEqual([0, null])
  return said
}

test('a start that is interrupted leaves nothing half made and nothing running, and the next one goes on', async () => {
  expect(await interrupt('starting PostgreSQL')).toBe('florin: starting PostgreSQL\nflorin: stopping\n')
  expect(await readdir(home)).toEqual(['postgres'])
  expect(await readdir(join(home, 'postgres'))).not.toContain('postmaster.pid')

  expect(await interrupt('migrated')).toMatch(/florin: stopping\n$/)
  expect(await readdir(join(home, 'postgres'))).not.toContain('postmaster.pid')
}, 180_000)
