import { handOver } from './process.mjs'
import { setUp } from './setup.mjs'
import { root, runScript } from './step.mjs'

await runScript(async () => {
  await setUp()
  return handOver(process.execPath, ['--import', 'tsx', 'apps/server/src/start.ts'], { cwd: root })
})
