import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../apps/server/src/platform/embedded-postgres.ts'
import { freePort } from '../../apps/server/src/platform/free-port.ts'
import { signalAll, untilGone, withDescendants } from './processes.ts'

/** A PostgreSQL that dies and comes back with the same data on the same port. */
export interface MortalPostgres {
  readonly port: number
  /** Through TCP, on a port of 127.0.0.1. */
  urlAt(port: number): string
  /** SIGKILL to the postmaster and every backend, before any of them can say good-bye. */
  kill(): Promise<void>
  /** Starts it again, which replays what was committed. */
  restart(): Promise<void>
  /** SIGSTOP: connections stay open, new ones are accepted by the kernel, and nothing answers. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

export async function startMortalPostgres(dataDir: string): Promise<MortalPostgres> {
  const port = await freePort()
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, port })
  const { tcpUrl } = server
  let stopped: readonly number[] = []
  const resume = () => {
    signalAll(stopped, 'SIGCONT')
    stopped = []
  }
  return {
    port,
    urlAt: (port) => {
      const url = new URL(tcpUrl)
      url.port = String(port)
      return url.href
    },
    kill: async () => {
      // The postmaster is stopped first, so that it starts no backend which the list lacks.
      signalAll([server.pid], 'SIGSTOP')
      const all = withDescendants(server.pid)
      signalAll(all, 'SIGKILL')
      await untilGone(all)
      await server.stop()
    },
    restart: async () => {
      server = await startEmbeddedPostgres({ dataDir, port })
    },
    pause: () => {
      signalAll([server.pid], 'SIGSTOP')
      stopped = withDescendants(server.pid)
      signalAll(stopped, 'SIGSTOP')
    },
    resume,
    stop: async () => {
      resume()
      await server.stop()
    },
  }
}
