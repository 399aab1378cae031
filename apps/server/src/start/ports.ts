import { createServer } from 'node:net'

/** Throws an Error that names the port and the remedy when something else listens there. */
export async function refuseTakenPort(port: number, host: string): Promise<void> {
  const error = await tryPort(port, host)
  if (!error) return
  if (error.code === 'EADDRINUSE') {
    throw new Error(`port ${port} is taken: stop what listens there, or choose another with FLORIN_PORT=4100 npm start`)
  }
  throw new Error(`port ${port} can't be used (${error.code}): choose another with FLORIN_PORT`)
}

/** The first free port from `port` on. */
export async function freePortFrom(port: number, host: string): Promise<number> {
  for (let candidate = port; candidate < port + 100; candidate++) {
    if (!(await tryPort(candidate, host))) return candidate
  }
  throw new Error(`there is no free port between ${port} and ${port + 99}`)
}

function tryPort(port: number, host: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(null)))
  })
}
