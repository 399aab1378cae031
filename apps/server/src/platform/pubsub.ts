import { Redis } from 'ioredis'
import { newId } from './ids.ts'
import type { Log } from './log.ts'

/** Something with a growing version has changed. `key` names it for every process. */
export interface Announcement {
  readonly key: number
  readonly version: number
}

/** Tells every process what has changed, at most once and without a promise: whoever needs certainty reads the database. */
export interface Pubsub {
  /** Returns at once; never throws. */
  publish(announcements: readonly Announcement[]): void
  /** Returns the function that ends the subscription. */
  subscribe(listener: (announcements: readonly Announcement[]) => void): () => void
  close(): Promise<void>
}

const CHANNEL = 'florin:changes'
const COMMAND_TIMEOUT_MS = 1_000
/** Publishes that a hung Redis may hold in memory; further ones are dropped, and the sweep makes up for them. */
const MOST_IN_FLIGHT = 256

export function createLocalPubsub(): Pubsub {
  const listeners = new Set<(announcements: readonly Announcement[]) => void>()
  return {
    publish: (announcements) => {
      for (const listener of listeners) listener(announcements)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: async () => listeners.clear(),
  }
}

/** In process at once, and through Redis to the other processes. Redis may be dead or hung: nothing here waits for it. */
export function createRedisPubsub(url: string, log: Log): Pubsub {
  const local = createLocalPubsub()
  const origin = newId()
  const common = { commandTimeout: COMMAND_TIMEOUT_MS, retryStrategy: (times: number) => Math.min(times * 100, 2_000) }
  const publisher = new Redis(url, { ...common, enableOfflineQueue: false, maxRetriesPerRequest: 0 })
  const subscriber = new Redis(url, { ...common, maxRetriesPerRequest: null })
  for (const client of [publisher, subscriber])
    client.on('error', (error) => log.debug({ error: error.message }, 'redis'))
  reportOutages(publisher, log)
  let inFlight = 0

  subscriber.subscribe(CHANNEL).catch(() => {})
  subscriber.on('ready', () => void subscriber.subscribe(CHANNEL).catch(() => {}))
  subscriber.on('message', (_channel: string, text: string) => {
    const message = JSON.parse(text) as { origin: string; changes: [number, number][] }
    if (message.origin === origin) return
    local.publish(message.changes.map(([key, version]) => ({ key, version })))
  })

  return {
    publish: (announcements) => {
      local.publish(announcements)
      if (publisher.status !== 'ready' || inFlight >= MOST_IN_FLIGHT) return
      inFlight++
      const changes = announcements.map(({ key, version }) => [key, version])
      publisher
        .publish(CHANNEL, JSON.stringify({ origin, changes }))
        .catch(() => {})
        .finally(() => inFlight--)
    },
    subscribe: local.subscribe,
    close: async () => {
      publisher.disconnect()
      subscriber.disconnect()
      await local.close()
    },
  }
}

function reportOutages(client: Redis, log: Log): void {
  let down = false
  client.on('close', () => {
    if (!down) log.warn('Redis is out of reach: live balances of other processes follow within two seconds')
    down = true
  })
  client.on('ready', () => {
    if (down) log.info('Redis is back')
    down = false
  })
}
