import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { handOver, run } from './process.mjs'
import { setUp } from './setup.mjs'
import { root, runScript, timed } from './step.mjs'

const REPORT = 'node_modules/.florin/vitest.json'

/** @typedef {{ passed: number, failed: number }} Tally */

/**
 * A lint or a typecheck, which counts as one test.
 *
 * @param {string} script of package.json @returns {Promise<Tally>}
 */
async function check(script) {
  const code = await handOver('npm', ['run', '--silent', script], { cwd: root })
  console.log(`florin: ${script} ${code === 0 ? 'passed' : 'failed'}`)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** @param {string[]} args of the command line, for vitest @returns {Promise<Tally>} */
async function vitest(args) {
  rmSync(join(root, REPORT), { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`]
  const command = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args]
  const code = await handOver(process.execPath, command, { cwd: root })
  const { passed, failed } = readReport()
  // Vitest fails without a failed test when a file can't be loaded, a service doesn't start or nothing was found.
  const silent = failed === 0 && (code !== 0 || passed === 0)
  return { passed, failed: silent ? 1 : failed }
}

/** @returns {Tally} */
function readReport() {
  if (!existsSync(join(root, REPORT))) return { passed: 0, failed: 0 }
  const report = JSON.parse(readFileSync(join(root, REPORT), 'utf8'))
  /** @type {{ status: string, assertionResults: unknown[] }[]} */
  const files = report.testResults
  const unloaded = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded }
}

await runScript(async () => {
  const args = process.argv.slice(2)
  await setUp()
  await timed('finding Redis and Chromium', () =>
    run(process.execPath, ['--import', 'tsx', 'tests/services/install-programs.ts'], { cwd: root }),
  )
  const checks = args.length > 0 ? [] : [await check('lint'), await check('typecheck')]
  const tallies = [...checks, await vitest(args)]
  const sum = (/** @type {keyof Tally} */ key) => tallies.reduce((total, tally) => total + tally[key], 0)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') === 0 ? 0 : 1
})
