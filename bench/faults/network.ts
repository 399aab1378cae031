import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** The way to a port of 127.0.0.1, through a TCP proxy that can fail. */
export interface Network {
  readonly port: number
  /** Both ends of every connection get a RST. */
  cut(): void
  /** Nothing passes any more, on old connections and on new ones, and nobody is told. */
  stall(): void
  resume(): void
  /** Like `stall`, but for connections that are open now, and for ever: their other end is gone without a word. */
  forget(): void
  close(): Promise<void>
}

interface Pair {
  readonly ends: readonly [Socket, Socket]
  forgotten: boolean
}

/** @param targetPort on 127.0.0.1. Nobody needs to listen there yet. */
export async function startNetwork(targetPort: number): Promise<Network> {
  const pairs = new Set<Pair>()
  let stalled = false

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    const pair: Pair = { ends: [near, far], forgotten: false }
    pairs.add(pair)
    const isSilent = () => stalled || pair.forgotten
    pass(near, far, isSilent)
    pass(far, near, isSilent)
    for (const end of pair.ends) {
      if (stalled) end.pause()
      end.on('error', () => {})
      end.on('close', () => {
        pairs.delete(pair)
        // Whoever forgot a connection doesn't tell the other end that it is closed, either.
        if (!pair.forgotten) for (const other of pair.ends) other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const reset = (those: Iterable<Pair>) => {
    for (const { ends } of those) for (const end of ends) end.resetAndDestroy()
  }
  const pause = (those: Iterable<Pair>) => {
    for (const { ends } of those) for (const end of ends) end.pause()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => reset([...pairs]),
    stall: () => {
      stalled = true
      pause(pairs)
    },
    resume: () => {
      stalled = false
      for (const { ends, forgotten } of pairs) if (!forgotten) for (const end of ends) end.resume()
    },
    forget: () => {
      for (const pair of pairs) pair.forgotten = true
      pause(pairs)
    },
    close: async () => {
      reset([...pairs])
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pass(from: Socket, to: Socket, isSilent: () => boolean): void {
  from.on('data', (chunk) => {
    if (!to.write(chunk)) from.pause()
  })
  to.on('drain', () => {
    if (!isSilent()) from.resume()
  })
}
