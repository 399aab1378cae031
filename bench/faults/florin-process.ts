import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const READY_WITHIN_MS = 60_000
const AGAIN_AFTER_MS = 100
const WATCH_MS = 50

export interface ProcessPlan {
  /** In the report, and of its folder. */
  readonly name: string
  readonly entry: 'start.ts' | 'work.ts'
  /** Holds the process's own folder, and its log beside it. */
  readonly home: string
  readonly env: Readonly<Record<string, string>>
}

/** A process of Florin's that is started again whenever it ends, as a service manager would. */
export interface FlorinProcess {
  readonly name: string
  /** How often it ended although nobody had killed it. */
  readonly crashes: number
  /** Waits until the process of this moment serves, and answers the key to its API; empty for a worker. */
  ready(): Promise<string>
  /** SIGKILL. It is on its way again when this answers. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export function startFlorinProcess({ name, entry, home, env }: ProcessPlan): FlorinProcess {
  const folder = join(home, name)
  mkdirSync(folder, { recursive: true })
  const log = openSync(join(home, `${name}.log`), 'a')
  const path = fileURLToPath(new URL(`../../apps/server/src/${entry}`, import.meta.url))
  let wanted = true
  let expected = false
  let crashes = 0
  let child = launch()

  function launch(): ChildProcess {
    const started = spawn(process.execPath, ['--import', 'tsx', path], {
      env: { ...process.env, NODE_ENV: 'production', FLORIN_LOG_LEVEL: 'warn', FLORIN_HOME: folder, ...env },
      stdio: ['ignore', 'ignore', log],
    })
    // One that can't start, because its database is away, has not crashed.
    let served = entry === 'work.ts'
    const watch = setInterval(() => {
      served ||= keyOf(started, folder) !== null
    }, WATCH_MS)
    const killWithUs = () => void started.kill('SIGKILL')
    process.once('exit', killWithUs)
    started.once('exit', () => {
      clearInterval(watch)
      process.off('exit', killWithUs)
      if (wanted && !expected && served) crashes++
      expected = false
      if (wanted) setTimeout(again, AGAIN_AFTER_MS)
    })
    return started
  }

  function again(): void {
    if (wanted) child = launch()
  }

  return {
    name,
    get crashes() {
      return crashes
    },
    ready: async () => {
      const until = performance.now() + READY_WITHIN_MS
      for (;;) {
        if (entry === 'work.ts' && child.exitCode === null && child.signalCode === null) return ''
        const key = keyOf(child, folder)
        if (key) return key
        if (performance.now() > until) throw new Error(`${name} did not start within ${READY_WITHIN_MS / 1_000} s`)
        await sleep(20)
      }
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      expected = true
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      wanted = false
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The key that the process wrote when it began to serve; null before. */
function keyOf({ pid }: ChildProcess, folder: string): string | null {
  try {
    const ready = JSON.parse(readFileSync(join(folder, 'ready.json'), 'utf8')) as { pid: number; secretKey: string }
    return ready.pid === pid ? ready.secretKey : null
  } catch {
    return null
  }
}
