import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run, StepFailed } from './process.mjs'
import { root, step } from './step.mjs'

// Fetched by npx where no pnpm 10 is installed. Not by corepack: it fails behind registry mirrors and on read-only
// systems. Not a newer major: pnpm 11 reads its build approvals from another setting.
const PNPM = 'pnpm@10.34.9'

const lockFiles = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']
const packageFolders = ['packages', 'apps', 'examples'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => `${group}/${name}`),
)
const packageManifests = packageFolders.map((folder) => `${folder}/package.json`)
const manifests = [...lockFiles, ...packageManifests.filter((path) => existsSync(join(root, path)))]

/** Installs, generates and builds what changed since the last time. Needs Node and the npm registry, nothing else. */
export async function setUp() {
  checkNode()
  if (!hasHome()) keepCachesHere()
  await step('installing packages', {
    inputs: manifests,
    outputs: ['node_modules/.modules.yaml'],
    work: install,
  })
  await generateDatabaseClient()
  await generateOperations()
  await buildPages('apps/pages')
  await buildPages('apps/demo')
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new StepFailed(`Node ${process.versions.node} is too old: install Node 20.19 or newer`)
}

// Not another HOME: the npm settings that the account may read stay in force.
function keepCachesHere() {
  for (const name of ['npm_config_cache', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME']) {
    if (!isWritable(process.env[name])) process.env[name] = join(root, '.florin/caches')
  }
}

/** Containers often run an account that has no home, or one that it may not write to. */
function hasHome() {
  try {
    return isWritable(homedir())
  } catch {
    return false // HOME isn't set, and the account is in no list
  }
}

/** @param {string | undefined} folder */
function isWritable(folder) {
  try {
    accessSync(folder ?? '', constants.W_OK)
    return true
  } catch {
    return false
  }
}

async function install() {
  const version = await run('pnpm', ['--version'], { cwd: root }).catch(() => '')
  const [command, ...before] = version.startsWith('10.') ? ['pnpm'] : ['npx', '--yes', PNPM]
  // CI=true: no questions and no progress bars.
  const env = { CI: 'true' }
  await run(command, [...before, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: root, env })
}

async function generateDatabaseClient() {
  await step('generating the database client', {
    inputs: [...lockFiles, 'apps/server/prisma/schema', 'apps/server/prisma.config.ts'],
    outputs: ['apps/server/src/generated'],
    work: () =>
      run('npx', ['--no', 'prisma', 'generate'], {
        cwd: join(root, 'apps/server'),
        env: {
          // Prisma insists on a schema engine, which it would download; generating needs none, so any file will do.
          PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
          PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING: '1',
          PRISMA_HIDE_UPDATE_MESSAGE: '1',
          CHECKPOINT_DISABLE: '1',
        },
      }),
  })
}

async function generateOperations() {
  await step('generating the SDK operations', {
    inputs: [...lockFiles, 'schema.graphql', 'packages/sdk/generate.ts', 'packages/sdk/src'],
    outputs: ['packages/sdk/src/generated'],
    work: () => run('npm', ['run', 'generate'], { cwd: join(root, 'packages/sdk') }),
  })
}

/** @param {string} folder a Vite application */
async function buildPages(folder) {
  await step(`building ${folder.replace('apps/', 'the ')}`, {
    inputs: [...lockFiles, folder, 'schema.graphql', 'packages/sdk', 'packages/core'],
    outputs: [`${folder}/dist/index.html`],
    work: () => run('npm', ['run', 'build'], { cwd: join(root, folder) }),
  })
}
