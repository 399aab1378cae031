import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** A program that the tests need and npm can't install. */
export interface Program {
  readonly name: string
  /** Names to look for on PATH, or absolute paths; the first that exists is used. */
  readonly candidates: readonly string[]
  /** Names a path that wins over the candidates. */
  readonly variable: string
  readonly debianPackage: string
}

export const redisServer: Program = {
  name: 'Redis',
  candidates: ['redis-server', 'valkey-server'],
  variable: 'REDIS_SERVER_PATH',
  debianPackage: 'redis-server',
}

export const chromium: Program = {
  name: 'Chromium',
  candidates: [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  variable: 'CHROMIUM_PATH',
  debianPackage: 'chromium',
}

export function findProgram({ candidates, variable }: Program): string | undefined {
  const wanted = process.env[variable]
  if (wanted) return isExecutable(wanted) ? wanted : undefined
  return candidates.flatMap(placesOf).find(isExecutable)
}

/** The paths of the programs. @throws with what is missing and the command that installs it. */
export function requirePrograms(programs: readonly Program[]): string[] {
  const paths = programs.map(findProgram)
  const missing = programs.filter((_, index) => !paths[index])
  if (missing.length > 0) throw new Error(missing.map(misnamed).find(Boolean) ?? howToInstall(missing))
  return paths as string[]
}

function misnamed({ variable }: Program): string | undefined {
  const wanted = process.env[variable]
  return wanted && `${variable} is ${wanted}, which is no program that can be run: correct it, or unset it.`
}

function howToInstall(missing: readonly Program[]): string {
  const names = missing.map(({ name }) => name).join(' and ')
  const packages = missing.map(({ debianPackage }) => debianPackage).join(' ')
  const variables = missing.map(({ variable }) => `${variable}=/path/to/it`).join(' ')
  return `Missing: ${names}. On Debian: sudo apt-get install ${packages}. Installed elsewhere: set ${variables}.`
}

function placesOf(candidate: string): string[] {
  if (isAbsolute(candidate)) return [candidate]
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  return folders.map((folder) => join(folder, candidate))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
