import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'

/** How events travel: as they should; three of ten never arrive; each comes twice, at each process; late and in any order. */
export type Delivery = 'plain' | 'lossy' | 'doubled' | 'shuffled'

/** Stands between the provider's webhooks and Florin. */
export interface Courier {
  readonly url: string
  delivery: Delivery
  readonly lost: number
  /** Resolves when nothing is held back any more. */
  drained(): Promise<void>
  close(): Promise<void>
}

interface Letter {
  readonly body: Buffer
  readonly headers: Record<string, string>
}

const LOST_OF_TEN = 3
const HELD_AT_MOST_MS = 2_000
const PATIENCE_MS = 5_000

/** @param targets where Florin takes events, in each of its processes. */
export async function startCourier(targets: () => readonly string[], random: Random): Promise<Courier> {
  const held = new Set<Promise<unknown>>()
  let lost = 0

  async function carry(letter: Letter): Promise<boolean> {
    const { delivery } = courier
    if (delivery === 'lossy' && random.below(10) < LOST_OF_TEN) {
      lost++
      return true
    }
    if (delivery === 'doubled') {
      const answers = await Promise.all([...targets(), ...targets()].map((target) => post(target, letter)))
      return answers.some(Boolean)
    }
    if (delivery === 'plain') return post(random.pick(targets()), letter)
    const late = sleep(random.below(HELD_AT_MOST_MS)).then(() => post(random.pick(targets()), letter))
    held.add(late)
    void late.finally(() => held.delete(late))
    return true
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const arrived = await carry({ body: Buffer.concat(chunks), headers: signedHeaders(request.headers) })
    response.writeHead(arrived ? 200 : 502).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const courier: Courier = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delivery: 'plain',
    get lost() {
      return lost
    },
    drained: async () => {
      while (held.size > 0) await Promise.all(held)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return courier
}

function signedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return {
    'content-type': String(headers['content-type']),
    'stripe-signature': String(headers['stripe-signature']),
  }
}

async function post(target: string, { body, headers }: Letter): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const response = await fetch(target, { method: 'POST', headers, body: new Uint8Array(body), signal })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
