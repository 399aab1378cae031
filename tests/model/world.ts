// What the model is about: a small catalogue, and what the oracle knows of a customer. Shared by oracle and driver, and
// by neither with the product.

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
/** Each trace begins here, on a day from which months are uneven. */
export const START = Date.parse('2030-01-29T00:00:00Z')

export const METERS = ['chat', 'image'] as const
export type Meter = (typeof METERS)[number]
/** Credits for a unit. */
export const COSTS: Readonly<Record<Meter, bigint>> = { chat: 1n, image: 3n }

/** Wallets by name, with their priority. */
export const WALLETS = { first: 10, default: 100, last: 200 } as const
export type WalletName = keyof typeof WALLETS
export const PRIORITIES = [50, 100, 150] as const

export interface Card {
  readonly interval: 'DAY' | 'MONTH'
  readonly allowance: string
  readonly rollover: 'NONE' | 'FULL' | 'CAPPED'
  readonly cap?: string
  /** How many further periods rolled-over credits live; left out: as long as the subscription. */
  readonly periods?: number
  readonly overage: 'BLOCK' | 'CHARGE'
}

export const CARDS = {
  plain: { interval: 'DAY', allowance: '20', rollover: 'NONE', overage: 'BLOCK' },
  full: { interval: 'DAY', allowance: '30.5', rollover: 'FULL', overage: 'BLOCK' },
  capped: { interval: 'DAY', allowance: '40', rollover: 'CAPPED', cap: '50', overage: 'BLOCK' },
  lasting: { interval: 'DAY', allowance: '25', rollover: 'FULL', periods: 2, overage: 'CHARGE' },
  monthly: { interval: 'MONTH', allowance: '60', rollover: 'CAPPED', cap: '30', periods: 1, overage: 'BLOCK' },
} as const satisfies Record<string, Card>
export type CardCode = keyof typeof CARDS

export interface Grant {
  /** Ours. */
  readonly ref: string
  /** The product's: the last word in the drawdown order. Empty until it was seen. */
  id: string
  readonly kind: string
  readonly walletPriority: number
  readonly priority: number
  readonly from: number
  readonly until: number | null
  readonly meters: readonly Meter[]
  amount: bigint
  remaining: bigint
  held: bigint
  /** What a dispute keeps back; null: none. */
  frozen: bigint | null
  owed: bigint
  /** Voided, refunded or ended by its renewal: what comes back to it is lost. */
  ended: boolean
}

/** How much came of which grant. */
export interface Part {
  readonly grant: string
  readonly amount: bigint
}

export interface Hold {
  readonly ref: string
  readonly meter: Meter
  readonly ttl: number
  quantity: bigint
  parts: Part[]
  expiresAt: number
  status: 'OPEN' | 'CAPTURED' | 'RELEASED' | 'EXPIRED'
  captured: { readonly quantity: bigint; readonly answer: Answer } | null
}

export interface Recorded {
  readonly parts: readonly Part[]
  readonly overage: bigint
  readonly uncovered: bigint
  readonly periodStart: number
  voided: boolean
}

/** What was paid for a grant, in cents. */
export interface Payment {
  readonly ref: string
  readonly paid: bigint
  readonly bought: bigint
  refunded: bigint
  /** Credits that refunds have taken back or made a debt so far. */
  reversed: bigint
  disputed: boolean
}

export interface Plan {
  card: CardCode
  pending: CardCode | null
  anchor: number
  /** How many periods after the anchor. */
  index: number
  start: number
  end: number
}

export interface Customer {
  readonly grants: Grant[]
  readonly holds: Hold[]
  /** By operation and key. */
  readonly keys: Map<string, { readonly input: string; readonly answer: Answer }>
  readonly events: Map<string, Recorded>
  /** A grant that was bought has the name of its payment. */
  readonly payments: Payment[]
  readonly plan: Plan
  /** Of the current period. */
  overage: bigint
  uncovered: bigint
}

export interface World {
  now: number
  /** Counts what was ever made, to name it. */
  made: number
  readonly customers: readonly [Customer, Customer]
}

/** What a caller is told, by class: words and decimals that must be equal on both sides. */
export type Answer = Readonly<Record<string, string | null>>

/** One call of the API, with nothing left to decide. */
export type Call = { readonly who: number; readonly key: string } & (
  | {
      readonly op: 'grant'
      readonly amount: string
      readonly kind: 'PROMOTIONAL' | 'PREPAID'
      readonly wallet: WalletName
      readonly priority: number
      readonly from: number | null
      readonly until: number | null
      readonly meters: readonly Meter[]
    }
  | { readonly op: 'consume' | 'record'; readonly meter: Meter; readonly quantity: string }
  | { readonly op: 'undo'; readonly event: string }
  | { readonly op: 'void'; readonly grant: string }
  | { readonly op: 'hold'; readonly meter: Meter; readonly quantity: string; readonly ttl: number }
  | { readonly op: 'extend'; readonly hold: string; readonly quantity: string }
  | { readonly op: 'capture'; readonly hold: string; readonly quantity: string }
  | { readonly op: 'release'; readonly hold: string }
  | { readonly op: 'buy'; readonly packs: number; readonly disputed: boolean }
  | { readonly op: 'refund'; readonly payment: string; readonly amount: string | null }
  /** What the bank decides about a disputed payment: no call of ours, and no key. */
  | { readonly op: 'verdict'; readonly payment: string; readonly won: boolean }
  | { readonly op: 'change'; readonly card: CardCode; readonly behavior: 'RATE_DIFFERENCE' | 'AT_PERIOD_END' }
)

/** A bundle: so many credits for so many cents. */
export const PACK = { credits: '100', price: '10.00', cents: 1000n } as const
/** So long after the charge the bank opens its dispute. */
export const DISPUTED_AFTER_MS = 3_000
