import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { env } from 'node:process'
import { freePort } from './stack.ts'

const ROOT = join(import.meta.dirname, '../../..')
const READY_WITHIN_MS = 60_000

export interface ExampleApp {
  readonly url: string
  /** All that it has printed. */
  readonly output: () => string
  /** Ctrl-C: with which code it ended. */
  readonly interrupt: () => Promise<number | null>
}

/** One of the apps in examples/, as its README starts it, beside a running Florin. */
export async function startExample(name: string, home: string): Promise<ExampleApp> {
  const port = await freePort()
  const child = spawn(process.execPath, ['--import', 'tsx', `examples/${name}/main.ts`], {
    cwd: ROOT,
    env: { PATH: env.PATH, HOME: env.HOME, FLORIN_HOME: home, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const url = `http://127.0.0.1:${port}`
  let output = ''
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
        if (output.includes(url)) resolve()
      })
    }
  })
  const interrupt = () => {
    child.kill('SIGINT')
    return ended
  }
  const late = new Promise<void>((resolve) => setTimeout(resolve, READY_WITHIN_MS).unref())
  await Promise.race([ready, ended, late])
  if (output.includes(url)) return { url, output: () => output, interrupt }
  await interrupt()
  throw new Error(`examples/${name} did not start:\n${output}`)
}
