import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StepFailed } from './process.mjs'

/** The checkout's folder; every path below starts here. */
export const root = fileURLToPath(new URL('..', import.meta.url))

// Inside node_modules: whoever deletes that folder deletes the stamps with it.
const stamps = join(root, 'node_modules/.florin')
const NOT_SOURCES = new Set(['node_modules', 'dist', 'generated'])

/**
 * Does a step, unless its inputs are what they were when it last succeeded and its outputs are there.
 *
 * @param {string} title shown while it runs, "installing packages"
 * @param {{ inputs: string[], outputs: string[], work: () => Promise<unknown> }} step files and folders, from the root
 */
export async function step(title, { inputs, outputs, work }) {
  const stamp = join(stamps, title.replaceAll(' ', '-'))
  const now = fingerprint(inputs)
  const fresh = outputs.every((path) => existsSync(join(root, path))) && readIfThere(stamp) === now
  if (fresh) return
  rmSync(stamp, { force: true })
  await timed(title, work)
  mkdirSync(stamps, { recursive: true })
  writeFileSync(stamp, now)
}

/**
 * Prints the title, does the work, prints how long it took.
 *
 * @template T @param {string} title @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function timed(title, work) {
  const began = performance.now()
  process.stderr.write(`florin: ${title} … `)
  try {
    const result = await work()
    process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1)} s\n`)
    return result
  } catch (error) {
    process.stderr.write('failed\n')
    throw error
  }
}

/**
 * Runs a script's main function; a failed step ends the process with its output instead of a stack.
 *
 * @param {() => Promise<number>} main returns the exit code
 */
export async function runScript(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    process.stderr.write(`florin: ${error.message}\n${error.output}`)
    process.exitCode = 1
  }
}

/** @param {string[]} paths */
function fingerprint(paths) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}`)
  for (const path of paths) addTo(hash, path)
  return hash.digest('hex')
}

/** @param {import('node:crypto').Hash} hash @param {string} path */
function addTo(hash, path) {
  const absolute = join(root, path)
  if (!existsSync(absolute)) return
  if (!statSync(absolute).isDirectory()) {
    hash.update(`\0${path}\0`).update(readFileSync(absolute))
    return
  }
  for (const name of readdirSync(absolute).sort()) if (!NOT_SOURCES.has(name)) addTo(hash, join(path, name))
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
