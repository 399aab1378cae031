import type { Api } from '../api.ts'
import { type Entry, type Journal, perform, repeat } from './client.ts'
import { CREDIT_TYPE, EVENT_NAME, type Kind, METER, type Operation } from './operations.ts'
import { createRandom, type Random } from './random.ts'
import type { World } from './world.ts'

export interface Load {
  readonly journal: Journal
  /** Nothing new is begun; what was begun is sent until its outcome is known. */
  stop(): Promise<void>
}

export interface LoadPlan {
  readonly apis: readonly Api[]
  readonly world: World
  readonly clients: number
  /** In every key. */
  readonly name: string
  readonly seed: number
}

/** Clients that do something of everything, each one thing after the other, on whichever API process. */
export function startLoad(plan: LoadPlan): Load {
  const journal: Journal = { entries: [], contradictions: [] }
  let stopped = false
  const clients = Array.from({ length: plan.clients }, async (_, index) => {
    const client = createClient(plan, journal, index)
    while (!stopped) await client()
  })
  const done = Promise.all(clients)
  done.catch(() => {})
  return {
    journal,
    stop: async () => {
      stopped = true
      await done
    },
  }
}

type Action = () => Promise<unknown>

function createClient({ apis, world, name, seed }: LoadPlan, journal: Journal, index: number): Action {
  const random = createRandom(seed * 1_000 + index)
  const customers = [...world.balances.keys()]
  const own: Entry[] = []
  let count = 0
  const newKey = () => `${name}-${index}-${count++}`

  async function call(kind: Kind, customerId: string, key: string, variables: Operation['variables']): Promise<Entry> {
    const entry = await perform(journal, apis, { kind, customerId, key, variables }, random.below(apis.length))
    own.push(entry)
    return entry
  }

  async function consume(): Promise<void> {
    const [customerId, idempotencyKey] = [random.pick(customers), newKey()]
    const quantity = 1 + random.below(3)
    await call('consume', customerId, idempotencyKey, { input: { customerId, meter: METER, quantity, idempotencyKey } })
  }

  async function recordUsage(): Promise<void> {
    const [customerId, key] = [random.pick(customers), newKey()]
    const events = Array.from({ length: 2 + random.below(20) }, (_, event) => ({
      customerId,
      eventName: EVENT_NAME,
      value: 1 + random.below(2),
      idempotencyKey: `${key}-${event}`,
    }))
    await call('recordUsage', customerId, key, { events })
  }

  async function grantCredits(): Promise<void> {
    const [customerId, idempotencyKey] = [random.pick(customers), newKey()]
    const input = { customerId, creditType: CREDIT_TYPE, amount: String(5 + random.below(50)), idempotencyKey }
    await call('grantCredits', customerId, idempotencyKey, { input })
  }

  async function holdAndSettle(): Promise<void> {
    const [customerId, idempotencyKey] = [random.pick(customers), newKey()]
    const input = { customerId, meter: METER, quantity: 1 + random.below(5), ttlSeconds: 86_400, idempotencyKey }
    const { answer } = await call('createHold', customerId, idempotencyKey, { input })
    const holdId = answer?.data.hold?.id
    if (!holdId) return
    for (let more = random.below(3); more > 0; more--) {
      const key = newKey()
      await call('extendHold', customerId, key, { holdId, quantity: 1 + random.below(3), idempotencyKey: key })
    }
    if (random.fraction() < 0.3) await call('releaseHold', customerId, holdId, { holdId })
    else await call('captureHold', customerId, holdId, { holdId, quantity: random.below(8) })
  }

  async function voidUsage(): Promise<void> {
    const at = own.findIndex(({ operation, answer }) => operation.kind === 'consume' && answer?.data.usage != null)
    // What is voided answers otherwise from now on: it is not repeated any more.
    const [entry] = at === -1 ? [] : own.splice(at, 1)
    if (!entry) return
    const { customerId, key } = entry.operation
    await call('voidUsage', customerId, key, { customerId, idempotencyKey: key })
  }

  async function again(): Promise<void> {
    if (own.length > 0) await repeat(journal, apis, random.pick(own), random.below(apis.length))
  }

  return () => chooseAction(random, [consume, recordUsage, holdAndSettle, grantCredits, voidUsage, again])()
}

const WEIGHTS = [40, 12, 16, 6, 8, 18]

function chooseAction(random: Random, actions: readonly Action[]): Action {
  let left = random.below(WEIGHTS.reduce((sum, weight) => sum + weight, 0))
  const at = WEIGHTS.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return actions[at] as Action
}
