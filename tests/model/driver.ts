import { createProject, createSecretKey } from '../../apps/server/src/modules/accounts/create-project.ts'
import type { Answer as Asked } from '../../apps/server/test/ask.ts'
import type { Peer, Stack } from '../../apps/server/test/stack.ts'
import { DOCUMENTS, type StateRead, statesDocument } from './documents.ts'
import { buy, decide } from './driver-payments.ts'
import { logicalClock } from './logical-clock.ts'
import {
  type Answer,
  CARDS,
  type Call,
  type Card,
  type CardCode,
  COSTS,
  METERS,
  PACK,
  START,
  WALLETS,
  type WalletName,
} from './world.ts'

// A real Florin, asked as anybody would: through GraphQL, by either of two processes on one database.

/** What the product said, and what it named. */
export interface Told {
  readonly answer: Answer
  readonly id: string
  /** The version that the answer's own change made; null if the answer doesn't say. */
  readonly version: number | null
}

export interface Session {
  /** Asks by one of the processes. */
  tell(call: Call, peer: number): Promise<Told>
  read(peer: number): Promise<readonly [StateRead, StateRead]>
  advance(to: number, peer: number): Promise<void>
  restart(): Promise<void>
  /** Cuts every connection to the database, whatever is on it. */
  cut(): Promise<void>
  /** By our names. */
  readonly ids: Map<string, string>
}

export interface Machines {
  readonly stack: Stack
  readonly peers: [Peer, Peer]
}

const CUSTOMERS = ['ada', 'bob'] as const

/** A project of its own with two customers, whose clock stands at the beginning. */
export async function openSession(
  machines: Machines,
  cards: readonly [CardCode, CardCode],
  supports: (operation: string) => boolean,
): Promise<Session> {
  const { stack, peers } = machines
  const clockOffsetMs = START - logicalClock.stop()
  const project = await createProject(stack.database, { name: 'Model', mode: 'SANDBOX', clockOffsetMs })
  const authorization = `Bearer ${await createSecretKey(stack.database, project, 'model')}`
  const ask = <Data>(peer: number, document: string, variables: object) =>
    (peers[peer] as Peer).query<Data>(document, variables, authorization)
  const must = async <Data>(peer: number, document: string, variables: object): Promise<Data> => {
    const { data, errors, text } = await ask<Data>(peer, document, variables)
    if (!data || errors.length > 0) throw new Error(`the model could not go on: ${text}`)
    return data
  }
  const states = statesDocument(supports('refundPayment'))
  const ids = await setTheScene((document, input) => must(0, document, { input }), cards)
  return {
    ids,
    tell: async (call, peer) => {
      const till = {
        stack,
        projectId: project.id,
        ask: <Data>(...asked: [string, object]) => must<Data>(peer, ...asked),
      }
      const customerId = CUSTOMERS[call.who] as string
      if (call.op === 'verdict') return decide(till, customerId, ids.get(`payment ${call.payment}`) as string, call.won)
      if (call.op !== 'buy') return told(call, await ask(peer, DOCUMENTS[call.op], variablesOf(call, ids)))
      const { payment, ...bought } = await buy(till, call, customerId)
      ids.set(`payment ${call.key}`, payment)
      return bought
    },
    read: async (peer) => {
      const { a, b } = await must<{ a: StateRead; b: StateRead }>(peer, states, { a: CUSTOMERS[0], b: CUSTOMERS[1] })
      return [a, b]
    },
    advance: async (to, peer) => {
      await must(peer, DOCUMENTS.advance, { to: new Date(to).toISOString() })
    },
    restart: async () => {
      await peers[1].close()
      peers[1] = await stack.addPeer()
    },
    cut: async () => {
      await stack.database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
    },
  }
}

type Ask = <Data>(document: string, input: object) => Promise<Data>

async function setTheScene(ask: Ask, cards: readonly [CardCode, CardCode]): Promise<Map<string, string>> {
  for (const code of METERS)
    await ask(DOCUMENTS.defineMeter, { code, eventName: code, aggregation: 'SUM', property: 'value' })
  await ask(DOCUMENTS.defineCreditType, { code: 'credits', name: 'Credits' })
  for (const code of Object.keys(CARDS) as CardCode[]) await ask(DOCUMENTS.publishRateCard, cardInput(code))
  const ids = new Map<string, string>()
  for (const [who, id] of CUSTOMERS.entries()) {
    await ask(DOCUMENTS.upsertCustomer, { id })
    for (const [name, priority] of Object.entries(WALLETS)) {
      if (name === 'default') continue
      const wallet = { customerId: id, creditType: 'credits', name, priority }
      ids.set(
        `${who} wallet ${name}`,
        (await ask<{ createWallet: { id: string } }>(DOCUMENTS.createWallet, wallet)).createWallet.id,
      )
    }
    const sold = await ask<{ subscribe: { subscription: { id: string } } }>(DOCUMENTS.subscribe, {
      customerId: id,
      rateCard: cards[who],
    })
    ids.set(`${who} subscription`, sold.subscribe.subscription.id)
  }
  return ids
}

/** Overage is charged at nothing, so that no invoice comes between. */
function cardInput(code: CardCode): object {
  const { interval, allowance, rollover, cap, periods, overage }: Card = CARDS[code]
  const charged = overage === 'CHARGE' ? { overagePrice: { flat: { amount: '0' } } } : {}
  return {
    code,
    name: code,
    interval,
    usageRates: METERS.map((meter) => ({
      code: meter,
      name: meter,
      meter,
      creditType: 'credits',
      creditCost: { flat: { amount: String(COSTS[meter]) } },
      overage,
      ...charged,
    })),
    allowances: [{ creditType: 'credits', amount: allowance, rollover, rolloverCap: cap, rolloverPeriods: periods }],
    bundles: [{ code: 'pack', name: 'Pack', creditType: 'credits', credits: PACK.credits, price: PACK.price }],
  }
}

/** Calls that are one question each. */
type Asking = Exclude<Call, { op: 'buy' | 'verdict' }>

function variablesOf(call: Asking, ids: ReadonlyMap<string, string>): object {
  const { who, key } = call
  const customerId = CUSTOMERS[who] as string
  const common = { customerId, idempotencyKey: key }
  switch (call.op) {
    case 'grant': {
      const { amount, kind, priority, meters: appliesTo } = call
      const [effectiveAt, expiresAt] = [call.from, call.until].map((at) =>
        at === null ? null : new Date(at).toISOString(),
      )
      const walletId = ids.get(`${who} wallet ${call.wallet satisfies WalletName}`)
      return {
        input: {
          ...common,
          creditType: 'credits',
          amount,
          kind,
          priority,
          appliesTo,
          effectiveAt,
          expiresAt,
          walletId,
        },
      }
    }
    case 'consume':
      return { input: { ...common, meter: call.meter, quantity: call.quantity } }
    case 'record':
      return { event: { ...common, eventName: call.meter, value: call.quantity } }
    case 'undo':
      return { customerId, key: call.event }
    case 'void':
      return { id: ids.get(call.grant), key }
    case 'hold':
      return { input: { ...common, meter: call.meter, quantity: call.quantity, ttlSeconds: call.ttl } }
    case 'extend':
      return { id: ids.get(call.hold), quantity: call.quantity, key }
    case 'capture':
      return { id: ids.get(call.hold), quantity: call.quantity }
    case 'release':
      return { id: ids.get(call.hold) }
    case 'refund':
      return { input: { paymentId: ids.get(`payment ${call.payment}`), amount: call.amount, idempotencyKey: key } }
    case 'change': {
      const { card: rateCard, behavior } = call
      return { input: { subscriptionId: ids.get(`${who} subscription`), rateCard, behavior, idempotencyKey: key } }
    }
  }
}

/** All that an operation may answer. */
interface Data {
  readonly grantCredits: { id: string; amount: string; remaining: string }
  readonly consume: { decision: Decision; usage: Usage | null }
  readonly recordUsage: { results: [Usage] }
  readonly voidUsage: Usage
  readonly voidGrant: { remaining: string }
  readonly createHold: { decision: Decision; hold: HoldRead | null }
  readonly extendHold: { decision: Decision; hold: HoldRead | null }
  readonly captureHold: { usage: Usage }
  readonly releaseHold: { status: string }
  readonly refundPayment: { status: string }
  readonly changeRateCard: { __typename: string }
}
interface Decision {
  readonly allowed: boolean
  readonly reason: string
  readonly cost: string
}
interface Usage {
  readonly status: string
  readonly error: { code: string } | null
  readonly credits: string | null
  readonly overage: string | null
  readonly uncovered: string | null
  readonly available: string | null
  readonly version: number | null
}
interface HoldRead {
  readonly id: string
  readonly status: string
  readonly quantity: string
  readonly credits: string
  readonly expiresAt: string
}

function told(call: Asking, { data, errors, text }: Asked<unknown>): Told {
  const [error] = errors
  if (error) return { answer: { fault: error.extensions.code }, id: '', version: null }
  if (!data) return { answer: { fault: `no answer: ${text}` }, id: '', version: null }
  const all = data as Data
  switch (call.op) {
    case 'grant': {
      const { id, ...answer } = all.grantCredits
      return { answer, id, version: null }
    }
    case 'consume':
      return { answer: { ...decided(all.consume.decision), ...spent(all.consume.usage) }, ...made(all.consume.usage) }
    case 'record': {
      const [usage] = all.recordUsage.results
      if (usage.error) return { answer: { fault: usage.error.code }, id: '', version: null }
      return { answer: { status: usage.status, ...spent(usage) }, ...made(usage) }
    }
    case 'undo':
      return { answer: { status: all.voidUsage.status }, ...made(all.voidUsage) }
    case 'void':
      return { answer: all.voidGrant, id: '', version: null }
    case 'hold':
      return held(all.createHold)
    case 'extend':
      return held(all.extendHold)
    case 'capture':
      return { answer: spent(all.captureHold.usage), ...made(all.captureHold.usage) }
    case 'release':
      return { answer: all.releaseHold, id: '', version: null }
    case 'refund':
      return { answer: all.refundPayment, id: '', version: null }
    case 'change':
      return { answer: { outcome: all.changeRateCard.__typename }, id: '', version: null }
  }
}

const decided = ({ allowed, reason, cost }: Decision): Answer => ({ allowed: String(allowed), reason, cost })
const made = (usage: Usage | null) => ({ id: '', version: usage?.version ?? null })

function spent(usage: Usage | null): Answer {
  if (!usage) return {}
  const { credits, overage, uncovered, available } = usage
  return { credits, overage, uncovered, available }
}

function held({ decision, hold }: { decision: Decision; hold: HoldRead | null }): Told {
  if (!hold) return { answer: decided(decision), id: '', version: null }
  const { id, status, ...rest } = hold
  return { answer: { ...decided(decision), hold: status, ...rest }, id, version: null }
}
