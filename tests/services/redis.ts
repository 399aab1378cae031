import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../apps/server/src/platform/free-port.ts'
import { redisServer, requirePrograms } from './programs.ts'

const READY_WITHIN_MS = 10_000

/** A Redis of our own that a test may mistreat; it keeps nothing on disk. */
export interface TestRedis {
  readonly url: string
  stop(): Promise<void>
  /** SIGKILL: connections break without a word. */
  kill(): Promise<void>
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void
  resume(): void
  /** Kills it if it still runs, and starts an empty one on the same port. */
  restart(): Promise<void>
}

export async function startRedis(options: { port?: number } = {}): Promise<TestRedis> {
  const port = options.port ?? (await freePort())
  let server = await launch(port)
  const end = (signal: NodeJS.Signals) => terminate(server, signal)
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    restart: async () => {
      await end('SIGKILL')
      server = await launch(port)
    },
  }
}

async function launch(port: number): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp']
  const [program] = requirePrograms([redisServer])
  const server = spawn(program as string, settings, { stdio: ['ignore', 'pipe', 'pipe'] })
  const killWithUs = () => server.kill('SIGKILL')
  process.once('exit', killWithUs)
  server.once('exit', () => process.off('exit', killWithUs))
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
  const until = performance.now() + READY_WITHIN_MS
  while (!(await answersPing(port))) {
    if (server.exitCode === null && performance.now() < until) await sleep(20)
    else throw new Error(`Redis did not start on port ${port}:\n${output}`)
  }
  return server
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')))
    socket.once('error', () => settle(false))
  })
}

async function terminate(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = once(server, 'exit')
  server.kill(signal)
  server.kill('SIGCONT') // a paused process gets no SIGTERM until it resumes
  await exited
}
