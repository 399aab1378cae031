import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '../program.ts'

/** Listens on a free port of 127.0.0.1, and answers each question with it. */
export function listen(server: Server): void {
  const listening = new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
  serve(() => listening)
}
