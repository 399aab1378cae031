import { handOver } from './process.mjs'
import { setUp } from './setup.mjs'
import { root, runScript } from './step.mjs'

await runScript(async () => {
  await setUp()
  return handOver(process.execPath, ['--import', 'tsx', 'bench/faults/main.ts', ...process.argv.slice(2)], {
    cwd: root,
  })
})
