import type { AccessDecision, HoldStatus, OverageMode, Quantity } from '@florin/core'
import type { Catalog, CatalogMeter } from '../catalog/read-catalog.ts'

export type Operation = 'consume' | 'recordUsage' | HoldOperation
export type HoldOperation = 'createHold' | 'extendHold' | 'captureHold' | 'releaseHold'

/** One key of an operation for one customer, checked and ready to be decided. */
export interface SpendRequest {
  readonly operation: Operation
  readonly projectId: string
  readonly customerPk: number
  /** The same as the integrator knows it: a payer's ledger says who used its credits. */
  readonly customerId: string
  readonly key: string
  readonly inputHash: string
  readonly catalog: Catalog
  readonly feeds: readonly MeterFeed[]
  readonly eventName: string
  readonly properties: Readonly<Record<string, unknown>>
  /** When it happened, and the project's time now. */
  readonly timestamp: number
  readonly now: number
  /** The hold that the operation is about: a new one, or one that there is. */
  readonly hold?: { readonly id: string; readonly ttlMs: number }
}

/** What an event gives to one meter: the quantity outright (`consume`), or the value that the meter measures. */
export interface MeterFeed {
  readonly meter: CatalogMeter
  readonly quantity: Quantity | null
  readonly value: unknown
  /** Of the value, where the meter is UNIQUE and can count it. */
  readonly digest: string | null
  /** Where the caller wrote it, for a refusal to name. */
  readonly field: string
}

/** What one event drew for one meter. Decimals as text: this is stored and answered again as it was. */
export interface StoredDraw {
  readonly meter: string
  readonly creditType: string
  readonly quantity: string
  readonly credits: string
  readonly overage: string
  readonly uncovered: string
  readonly available: string
  /** What a void needs: the period that it counted in, if a card rated it, and the value that it was the first to bring. */
  readonly periodStart?: number
  readonly digest?: string
  readonly path?: DrawPath
}

/** Whom a draw counted for, where that is not the asker alone: what a void has to give back, and where. */
export interface DrawPath {
  /** From who asked up to who paid, with how much counted in the budget's period that began at `start`. */
  readonly levels: readonly { readonly pk: number; readonly start?: number; readonly credits?: string }[]
  readonly creditType: number
  /** The payer's version that the draw made. */
  readonly version: number
}

/** What would have lifted a refusal, as it stood when it was refused. */
export interface StoredRemedies {
  readonly cardPks: readonly number[]
  readonly bundles: readonly { readonly cardPk: number; readonly code: string }[]
}

/** What was asked of a decision, where no draw says it: what explains a refusal or a hold. */
export interface Asked {
  readonly meter: string
  readonly quantity: string
  /** The card that rated the meter and what it said of overage; null: no card did. */
  readonly card: { readonly pk: number; readonly overage: OverageMode } | null
}

/** The decision as stored with its key. */
export interface StoredDecision {
  readonly allowed: boolean
  readonly reason: AccessDecision['reason']
  readonly cost: string
  readonly available: string
  readonly remedies?: StoredRemedies
  readonly asked?: Asked
}

/** A hold as it was answered. Decimals as text. */
export interface HoldSnapshot {
  readonly id: string
  readonly status: HoldStatus
  readonly meter: string
  readonly creditType: string
  readonly quantity: string
  readonly credits: string
  readonly overage: string
  readonly expiresAt: number
}

/** The answer of a key, kept as long as the key. */
export interface StoredResult {
  readonly draws: readonly StoredDraw[]
  /** Of the asker's billing state: their own and those of all above them, added up. */
  readonly version: number
  /** In a tree: whose balance was decided on, and its version after that. */
  readonly payer?: { readonly pk: number; readonly version: number }
  readonly decision?: StoredDecision
  readonly hold?: HoldSnapshot
}

/**
 * What became of a request. CONFLICT: the key was used with another input. SETTLED: the hold is not open any more.
 * RELEASED: there is no key to keep, because a second release answers the same.
 */
export type SpendAnswer =
  | { readonly status: 'RECORDED' | 'REFUSED' | 'VOIDED'; readonly replayed: boolean; readonly result: StoredResult }
  | { readonly status: 'RELEASED'; readonly result: StoredResult }
  | { readonly status: 'SETTLED'; readonly hold: HoldSnapshot }
  | { readonly status: 'INVALID'; readonly field: string; readonly message: string }
  | { readonly status: 'CONFLICT' }
