import { copyFile, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

// Inside of the repository `exports` names the sources, so that nothing has to be built before it runs. A package has to
// name what was built: pnpm takes `publishConfig.exports` for that, npm does not. So it stands where both look while they pack.

const MANIFEST = join(import.meta.dirname, 'package.json')
const OURS = join(import.meta.dirname, 'package.repository.json')

const [action] = process.argv.slice(2)
if (action === 'publish') await publish()
else if (action === 'restore') await rename(OURS, MANIFEST)
else throw new Error('package-manifest.ts takes "publish" before packing, and "restore" after it')

async function publish() {
  const { publishConfig, ...manifest } = JSON.parse(await readFile(MANIFEST, 'utf8'))
  const { exports, ...config } = publishConfig
  if (!exports) throw new Error('package.json is the published one already: git restore packages/sdk/package.json')
  await copyFile(MANIFEST, OURS)
  await writeFile(MANIFEST, `${JSON.stringify({ ...manifest, exports, publishConfig: config }, null, 2)}\n`)
}
