/** Makes sure that the programs which npm can't install are here: as root on Debian it installs what is missing. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { chromium, findProgram, type Program, redisServer, requireProgram } from './programs.ts'

const run = promisify(execFile)

async function installMissing(programs: readonly Program[]): Promise<void> {
  if (process.getuid?.() !== 0 || !(await hasAptGet())) return
  const missing = programs.filter((program) => !findProgram(program) && !process.env[program.variable])
  if (missing.length === 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env })
  const packages = missing.map((program) => program.debianPackage)
  await run('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], { env, maxBuffer: 64 << 20 })
}

async function hasAptGet(): Promise<boolean> {
  return run('apt-get', ['--version']).then(
    () => true,
    () => false,
  )
}

try {
  await installMissing([redisServer, chromium])
  for (const program of [redisServer, chromium]) requireProgram(program)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
