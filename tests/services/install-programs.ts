/** Makes sure that the programs which npm can't install are here: as root on Debian it installs what is missing. */
import { spawnSync } from 'node:child_process'
import { chromium, findProgram, type Program, redisServer, requirePrograms } from './programs.ts'

const WANTED = [redisServer, chromium]

/** Whoever started us collects what apt-get prints, and shows it if we fail or take long. */
function aptGet(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
  // A new machine is often busy with its first updates: their lock is waited for.
  const command = ['--quiet', '--option=DPkg::Lock::Timeout=300', ...args]
  return spawnSync('apt-get', command, { env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

/** @throws when apt-get can't. */
function install(missing: readonly Program[]): void {
  // One source of many that can't be reached fails an update, and doesn't matter if the others have the packages.
  aptGet('update')
  const packages = missing.map((program) => program.debianPackage)
  if (aptGet('install', '--yes', '--no-install-recommends', ...packages)) return
  const names = packages.join(' ')
  throw new Error(
    `apt-get could not install ${names}, for the reasons above. Run \`apt-get update && apt-get install ${names}\` where a Debian mirror can be reached.`,
  )
}

function hasAptGet(): boolean {
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
}

try {
  const missing = WANTED.filter((program) => !findProgram(program) && !process.env[program.variable])
  if (missing.length > 0 && process.getuid?.() === 0 && hasAptGet()) install(missing)
  requirePrograms(WANTED)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
