import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Program, requirePrograms } from './programs.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync('/tmp/florin-programs-')
  writeFileSync(join(folder, 'here'), '')
  chmodSync(join(folder, 'here'), 0o755)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(folder, { recursive: true }))

const named = (name: string): Program => ({
  name,
  candidates: [join(folder, name)],
  variable: `${name.toUpperCase()}_PATH`,
  debianPackage: `${name}-server`,
})

describe('requirePrograms', () => {
  it('answers where they are, and a path from the environment wins', () => {
    expect(requirePrograms([named('here')])).toEqual([join(folder, 'here')])
    vi.stubEnv('HERE_PATH', process.execPath)
    expect(requirePrograms([named('here')])).toEqual([process.execPath])
  })

  it('says all that is missing at once, and the command that installs it', () => {
    expect(() => requirePrograms([named('one'), named('here'), named('two')])).toThrow(
      'Missing: one and two. On Debian: sudo apt-get install one-server two-server. Installed elsewhere: set ONE_PATH=/path/to/it TWO_PATH=/path/to/it.',
    )
  })

  it('names a variable that leads nowhere', () => {
    vi.stubEnv('HERE_PATH', join(folder, 'nowhere'))
    expect(() => requirePrograms([named('here')])).toThrow(
      `HERE_PATH is ${join(folder, 'nowhere')}, which is no program that can be run: correct it, or unset it.`,
    )
  })
})
