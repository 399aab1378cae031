import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const SHOW_AFTER_MS = 45_000
const REPEAT_WITHIN_MS = 1_000
const PARENT_CHECK_MS = 1_000

// Under `npx -p node@24 …` the arguments of that npx are in the environment, where ours would take them for its own.
const OUTER_NPX = { npm_config_package: undefined, npm_config_call: undefined }

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} Options */

/** How to pass a signal on to each running child. @type {Set<(signal: NodeJS.Signals) => void>} */
const running = new Set()
let lastSignal = Number.NEGATIVE_INFINITY

for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => pass(name))

// A killed npm says nothing: we learn it from having another parent.
if (process.env.npm_lifecycle_event) {
  const npm = process.ppid
  setInterval(() => process.ppid !== npm && pass('SIGTERM'), PARENT_CHECK_MS).unref()
}

// Ctrl-C reaches npm and us, and npm sends it to us again: children hear it once.
/** @param {NodeJS.Signals} signal */
function pass(signal) {
  if (performance.now() - lastSignal < REPEAT_WITHIN_MS) return
  lastSignal = performance.now()
  process.exitCode = 128 + constants.signals[signal]
  if (running.size === 0) process.exit()
  for (const send of running) send(signal)
}

/**
 * Starts a child in its own process group, so that only {@link pass} tells it about signals.
 *
 * @param {string} command @param {string[]} args @param {Options} options
 * @param {'inherit' | 'pipe'} output
 */
function start(command, args, { cwd, env }, output) {
  return spawn(command, args, {
    cwd,
    env: { ...process.env, ...OUTER_NPX, ...env },
    detached: true,
    stdio: ['ignore', output, output],
  })
}

/**
 * Runs a step of the preparation. Its output stays hidden unless it fails or takes long.
 *
 * @param {string} command @param {string[]} args @param {Options} [options]
 * @returns {Promise<string>} what it printed
 * @throws {StepFailed} with what it printed
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, options, 'pipe')
    let printed = ''
    let shown = false
    const show = setTimeout(() => {
      shown = true
      process.stderr.write(`it takes a while, and says:\n${printed}`)
    }, SHOW_AFTER_MS)
    const collect = (/** @type {Buffer} */ chunk) => {
      printed += chunk
      if (shown) process.stderr.write(chunk)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    // The whole group: a package manager starts children of its own.
    const send = (/** @type {NodeJS.Signals} */ signal) => void (child.pid && process.kill(-child.pid, signal))
    running.add(send)
    const settle = (/** @type {string | undefined} */ problem) => {
      clearTimeout(show)
      running.delete(send)
      if (process.exitCode) process.exit()
      if (problem === undefined) resolve(printed)
      else reject(new StepFailed(`${[command, ...args].join(' ')}: ${problem}`, shown ? '' : printed))
    }
    child.once('error', (error) => settle(error.message))
    child.once('close', (code, signal) => settle(code === 0 ? undefined : `ended with ${signal ?? code}`))
  })
}

/**
 * Runs the program that everything was prepared for, on our own output. SIGINT and SIGTERM reach it.
 *
 * @param {string} command @param {string[]} args @param {Options} [options]
 * @returns {Promise<number>} its exit code
 */
export function handOver(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, options, 'inherit')
    // A closed terminal is a request to end like any other.
    const send = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
    running.add(send)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      running.delete(send)
      endGroup(child)
      const result = code ?? 128 + (signal ? constants.signals[signal] : 0)
      if (process.exitCode) process.exit(result) // we were told to end: nothing may follow
      resolve(result)
    })
  })
}

/** Ends what a program left running: when it was killed, or was a test that failed before it could clean up. */
function endGroup(/** @type {import('node:child_process').ChildProcess} */ { pid }) {
  try {
    if (pid) process.kill(-pid, 'SIGTERM')
  } catch {} // nobody is left, as it should be
}

/** A step that failed for a reason its own output tells. */
export class StepFailed extends Error {
  /** @param {string} message @param {string} [output] */
  constructor(message, output = '') {
    super(message)
    this.output = output
  }
}
