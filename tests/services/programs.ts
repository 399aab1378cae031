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

/** @throws with what is missing and the command that installs it. */
export function requireProgram(program: Program): string {
  const path = findProgram(program)
  if (path) return path
  throw new Error(
    `${program.name} is missing. Install it (Debian, Ubuntu: sudo apt-get install ${program.debianPackage}), or set ${program.variable} to its path.`,
  )
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
