import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const SCRIPT = new URL('../../scripts/process.mjs', import.meta.url).href

it('what a program leaves running ends with it', async () => {
  // The one left has our pipe: reading ends when it does.
  const leaves = `require('node:child_process').spawn('sleep', ['600'], { stdio: 'inherit' }); setTimeout(() => process.exit(3), 200)`
  const program = `
    import { handOver } from ${JSON.stringify(SCRIPT)}
    console.log(await handOver(process.execPath, ['-e', ${JSON.stringify(leaves)}]))
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
  expect(stdout).toBe('3\n')
}, 60_000)
