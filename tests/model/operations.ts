import { format, parse } from './decimal.ts'
import { CARDS, type CardCode, METERS, type Meter, PRIORITIES, WALLETS, type WalletName } from './world.ts'

// What a trace is made of: steps that name things by number, so that a step still means something when others are left out.

export type Who = 0 | 1
export type Draw = {
  readonly do: 'consume' | 'record'
  readonly who: Who
  readonly meter: Meter
  readonly quantity: string
}
export type Granting = {
  readonly do: 'grant'
  readonly who: Who
  readonly amount: string
  readonly kind: 'PROMOTIONAL' | 'PREPAID'
  readonly wallet: WalletName
  readonly priority: number
  /** Hours from now; null: now, and never. */
  readonly from: number | null
  readonly until: number | null
  readonly meters: readonly Meter[]
}
export type Holding = {
  readonly do: 'hold'
  readonly who: Who
  readonly meter: Meter
  readonly quantity: string
  readonly hours: number
}
/** A step that is one call of the API. */
export type Simple =
  | Draw
  | Granting
  | Holding
  | { readonly do: 'undo' | 'void' | 'release'; readonly pick: number }
  | { readonly do: 'extend'; readonly pick: number; readonly quantity: string }
  /** So many percent of what is held. */
  | { readonly do: 'capture'; readonly pick: number; readonly percent: number }
  /** An earlier call again, as it was or with another body. */
  | { readonly do: 'replay'; readonly pick: number; readonly other: boolean }
export type Money =
  | { readonly do: 'buy'; readonly who: Who; readonly packs: number; readonly disputed: boolean }
  /** All that is left of a payment, or so many percent of it. */
  | { readonly do: 'refund'; readonly pick: number; readonly percent: number }
  | { readonly do: 'verdict'; readonly pick: number; readonly won: boolean }
export type Change = {
  readonly do: 'change'
  readonly who: Who
  readonly card: CardCode
  readonly behavior: 'RATE_DIFFERENCE' | 'AT_PERIOD_END'
}
/** ADVANCE: by the API, which settles what is due. PASS: real time, and nobody has swept. */
export type Clock = {
  readonly do: 'clock'
  readonly by: 'ADVANCE' | 'PASS'
  /** So many hours, or to the next instant at which something is due, or a millisecond before it. */
  readonly to: number | 'due' | 'before due'
}
export type Step =
  | Simple
  | Money
  | Change
  | Clock
  | { readonly do: 'rollover'; readonly who: Who; readonly by: 'ADVANCE' | 'PASS' }
  | { readonly do: 'sweep' }
  | { readonly do: 'crash'; readonly step: Draw | Granting | Holding }
  | { readonly do: 'batch'; readonly steps: readonly Simple[] }
  /** The second process ends and another takes its place. */
  | { readonly do: 'restart' }

export interface Trace {
  readonly cards: readonly [CardCode, CardCode]
  readonly steps: readonly Step[]
}

type Chance = () => number

/** Mulberry32: the same numbers for the same seed, everywhere. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const WEIGHTS = {
  grant: 10,
  draw: 40,
  hold: 12,
  capture: 10,
  release: 5,
  extend: 3,
  undo: 3,
  void: 3,
  buy: 4,
  refund: 4,
  verdict: 2,
  sweep: 5,
  clock: 8,
  rollover: 2,
  change: 3,
  replay: 12,
  other: 4,
  crash: 4,
  batch: 8,
} as const
type Kind = keyof typeof WEIGHTS
/** What may run beside others. */
const SIMPLE: readonly Kind[] = [
  'grant',
  'draw',
  'hold',
  'capture',
  'release',
  'extend',
  'undo',
  'void',
  'replay',
  'other',
]

export function traceOf(seed: number, length: number): Trace {
  const chance = chanceOf(seed)
  const codes = Object.keys(CARDS) as CardCode[]
  const cards = [oneOf(chance, codes), oneOf(chance, codes)] as const
  return { cards, steps: Array.from({ length }, () => stepOf(chance, kindOf(chance, Object.keys(WEIGHTS) as Kind[]))) }
}

function stepOf(chance: Chance, kind: Kind): Step {
  const who = whole(chance, 0, 1) as Who
  const by = chance() < 0.5 ? 'ADVANCE' : 'PASS'
  switch (kind) {
    case 'sweep':
      return { do: 'sweep' }
    case 'clock':
      return { do: 'clock', by, to: oneOf(chance, ['due', 'due', 'before due', whole(chance, 1, 12)] as const) }
    case 'buy':
      return { do: 'buy', who, packs: whole(chance, 1, 2), disputed: chance() < 0.4 }
    case 'refund':
      return { do: 'refund', pick: whole(chance, 0, 999), percent: oneOf(chance, [100, 100, whole(chance, 1, 99)]) }
    case 'verdict':
      return { do: 'verdict', pick: whole(chance, 0, 999), won: chance() < 0.5 }
    case 'rollover':
      return { do: 'rollover', who, by }
    case 'change':
      return {
        do: 'change',
        who,
        card: oneOf(chance, Object.keys(CARDS) as CardCode[]),
        behavior: oneOf(chance, ['RATE_DIFFERENCE', 'AT_PERIOD_END']),
      }
    case 'crash':
      return {
        do: 'crash',
        step: simpleOf(chance, oneOf(chance, ['draw', 'draw', 'grant', 'hold'])) as Draw | Granting | Holding,
      }
    case 'batch': {
      // A replay in a batch repeats its neighbours: they are what the last numbers name.
      const steps = Array.from({ length: whole(chance, 2, 16) }, () => simpleOf(chance, kindOf(chance, SIMPLE)))
      return { do: 'batch', steps }
    }
    default:
      return simpleOf(chance, kind)
  }
}

function simpleOf(chance: Chance, kind: Kind): Simple {
  const who = whole(chance, 0, 1) as Who
  const pick = whole(chance, 0, 999)
  const meter = oneOf(chance, METERS)
  switch (kind) {
    case 'grant':
      return {
        do: 'grant',
        who,
        amount: decimalOf(chance, 60),
        kind: oneOf(chance, ['PROMOTIONAL', 'PREPAID']),
        wallet: oneOf(chance, ['default', 'default', ...(Object.keys(WALLETS) as WalletName[])]),
        priority: oneOf(chance, [100, ...PRIORITIES]),
        from: oneOf(chance, [null, null, whole(chance, 0, 48) - 24]),
        until: oneOf(chance, [null, whole(chance, 1, 60), whole(chance, 1, 12)]),
        meters: oneOf(chance, [[], [], [meter]]),
      }
    case 'hold':
      return { do: 'hold', who, meter, quantity: decimalOf(chance, 12), hours: whole(chance, 0, 22) }
    case 'extend':
      return { do: 'extend', pick, quantity: decimalOf(chance, 6) }
    case 'capture':
      return { do: 'capture', pick, percent: oneOf(chance, [100, whole(chance, 1, 99), whole(chance, 101, 300)]) }
    case 'release':
    case 'undo':
    case 'void':
      return { do: kind, pick }
    case 'replay':
    case 'other':
      return { do: 'replay', pick, other: kind === 'other' }
    default:
      return { do: oneOf(chance, ['consume', 'record']), who, meter, quantity: decimalOf(chance, 15) }
  }
}

function kindOf(chance: Chance, kinds: readonly Kind[]): Kind {
  let left = chance() * kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0)
  for (const kind of kinds) {
    left -= WEIGHTS[kind]
    if (left < 0) return kind
  }
  return 'draw'
}

function oneOf<const Item>(chance: Chance, items: readonly Item[]): Item {
  return items[Math.floor(chance() * items.length)] as Item
}

function whole(chance: Chance, from: number, to: number): number {
  return from + Math.floor(chance() * (to - from + 1))
}

/** Mostly small and whole, sometimes with all nine places. */
function decimalOf(chance: Chance, to: number): string {
  const places = oneOf(chance, [0, 0, 0, 1, 9])
  const step = 10 ** places
  return format(
    parse(String(whole(chance, 1, to))) +
      (places ? BigInt(whole(chance, 0, step - 1)) * 10n ** BigInt(9 - places) : 0n),
  )
}
