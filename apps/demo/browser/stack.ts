import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'

const ROOT = join(import.meta.dirname, '../../..')
const READY_WITHIN_MS = 180_000

export type DemoStack = {
  demoUrl: string
  florinUrl: string
  secretKey: string
  home: string
  stop: () => Promise<void>
}

/** Florin with its sandbox and the demo beside it, as `npm start` runs them, on free ports and with a new data directory. */
export async function startDemoStack(): Promise<DemoStack> {
  const home = await mkdtemp(join(tmpdir(), 'florin-walk-'))
  const child = spawn(process.execPath, ['--import', 'tsx', 'apps/server/src/start.ts'], {
    cwd: ROOT,
    env: { PATH: env.PATH, HOME: env.HOME, FLORIN_PORT: String(await freePort()), FLORIN_HOME: home },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
    await rm(home, { recursive: true, force: true })
  }
  try {
    const ready = await readyFile(join(home, 'ready.json'), () => child.exitCode !== null)
    return { demoUrl: ready.demoUrl, florinUrl: ready.graphqlUrl, secretKey: ready.secretKey, home, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Ready = { graphqlUrl: string; secretKey: string; demoUrl: string }

async function readyFile(path: string, ended: () => boolean): Promise<Ready> {
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline && !ended()) {
    const text = await readFile(path, 'utf8').catch(() => '')
    if (text.trimEnd().endsWith('}')) return JSON.parse(text) as Ready
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(ended() ? 'Florin ended while it started: see its output above' : 'Florin did not start in time')
}

/** A port below those that the system gives to connections, which might be given away again before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
