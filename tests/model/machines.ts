import { readFile } from 'node:fs/promises'
import { startStack } from '../../apps/server/test/stack.ts'
import type { Machines } from './driver.ts'
import { logicalClock } from './logical-clock.ts'

/** What a connection says that was cut. */
const CUT = /terminat|ECONNRESET|EPIPE|57P01|Connection (ended|closed)|connection error|not queryable/i

/** Two processes on one database. */
export async function startMachines(postgresUrl?: string): Promise<Machines & { close(): Promise<void> }> {
  logicalClock.install()
  const stack = await startStack({ excused: CUT, ...(postgresUrl ? { postgresUrl } : {}) })
  return { stack, peers: [stack, await stack.addPeer()], close: () => stack.close() }
}

/** Which operations the product has by now. */
export async function readOperations(): Promise<(operation: string) => boolean> {
  const schema = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8')
  return (operation) => schema.includes(`  ${operation}(`)
}
