import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'
import { freePortFrom } from './ports.ts'

const ENTRY = fileURLToPath(new URL('../../../demo/server/main.ts', import.meta.url))
const READY_WITHIN_MS = 30_000

/** Starts the demo in a process of its own, as a customer's app would be: it gets an address and a key, nothing else. */
export async function startDemo(config: Config, graphqlUrl: string, secretKey: string) {
  const port = await freePortFrom(config.port + 1, config.host)
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY], {
    env: {
      PATH: config.path,
      HOME: config.home,
      PORT: String(port),
      FLORIN_URL: graphqlUrl,
      FLORIN_SECRET_KEY: secretKey,
      FLORIN_HOME: config.home,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (code) => reject(new Error(`the demo ended with code ${code} while it started`)))
    setTimeout(() => reject(new Error('the demo did not start in time')), READY_WITHIN_MS).unref()
  })
  await ready
  child.stdout.resume()
  return {
    url: `http://${config.host}:${port}`,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
