import { handOver } from './process.mjs'
import { setUp } from './setup.mjs'
import { root, runScript } from './step.mjs'

await runScript(async () => {
  await setUp()
  const args = ['--import', 'tsx', 'tests/model/run.ts', ...process.argv.slice(2)]
  return handOver(process.execPath, args, { cwd: root })
})
