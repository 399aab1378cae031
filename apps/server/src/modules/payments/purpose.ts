import type { ImmediateChange, Money, Quantities } from '@florin/core'
import { inputHash } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import type { Project } from '../accounts/viewer.ts'

/** What a payment pays for. Stored with the payment and carried out in the transaction that settles it. */
export type Purpose =
  | { readonly kind: 'subscribe'; readonly cardPk: number; readonly quantities: Quantities }
  | {
      readonly kind: 'change'
      readonly subscriptionId: string
      readonly fromCardPk: number
      readonly cardPk: number
      readonly quantities: Quantities
      readonly behavior: ImmediateChange
      /** The instant that shares of time are taken at, in the project's time. */
      readonly at: number
    }
  | {
      /** An open invoice of a subscription: one attempt to collect it, or, without one, the customer's own payment. */
      readonly kind: 'renewal'
      readonly cardPk: number
      readonly subscriptionId: string
      readonly invoiceId: string
      readonly attempt?: number
      /** The instant it was due, in the project's time. */
      readonly at?: number
    }
  | {
      /** An open invoice of no subscription, which settles a commitment: `attempt` and `at` as above. */
      readonly kind: 'invoice'
      readonly invoiceId: string
      readonly attempt?: number
      readonly at?: number
    }
  | {
      readonly kind: 'bundle'
      readonly cardPk: number
      readonly code: string
      readonly quantity: number
      readonly topUp?: TopUpMark
    }

/** What a checkout is for: something that is bought, or a method that is saved for later and charged nothing. */
export type CheckoutPurpose = Purpose | SetupPurpose

export interface SetupPurpose {
  readonly kind: 'setup'
  /** Whether it is what is charged from then on; a first one always is. */
  readonly makeDefault: boolean
}

/**
 * Whether who pays says if the method is kept: it is so where something that is owed is paid, an invoice or a top-up that
 * failed, and somebody else than the customer may be paying. What is bought is kept for what follows from it.
 */
export function offersToSave(purpose: CheckoutPurpose): boolean {
  const { kind } = purpose
  return kind === 'renewal' || kind === 'invoice' || (kind === 'bundle' && purpose.topUp !== undefined)
}

/** The top-up that a purchase is: whatever is paid for it a second time goes back. */
export interface TopUpMark {
  readonly due: string
  /** Bought by itself, at this instant of the project's time. Left out: by the customer, on a page. */
  readonly at?: number
}

/** Equal for purposes that buy the same thing: a second click on a change comes a little later, and is the same. */
export function purposeHashOf(purpose: CheckoutPurpose): string {
  return inputHash(purpose.kind === 'change' ? { ...purpose, at: null } : purpose)
}

/** What was carried out: ids to answer with. */
export interface Outcome {
  readonly subscriptionId?: string
  readonly invoiceId?: string
  readonly grantId?: string
  /** By credit type: what it added to the balance. */
  readonly gains?: readonly (readonly [creditType: number, credits: string])[]
  /** The customer's version after it. */
  readonly version: number
}

/** The money that has been paid; null: nothing was due. */
export interface Paid {
  readonly paymentId: string
  readonly amount: Money
}

export interface Fulfilment {
  readonly project: Project
  readonly customerPk: number
  readonly paid: Paid | null
}

/**
 * Carries out a purpose in the transaction that settles its payment. Throws a Fault CONFLICT when it can no longer be
 * carried out (another tab did it): the caller then returns the money.
 */
export type Fulfil = (tx: Transaction, purpose: Purpose, fulfilment: Fulfilment) => Promise<Outcome>

/**
 * What the modules above do about a payment that the bank takes days for, and about a new method. Handed to payments at
 * composition, as `Fulfil` is. Each runs in the transaction that makes it so.
 */
export interface Waiting {
  /** A payment is on its way: nobody else may try meanwhile. */
  began(tx: Transaction, purpose: Purpose, where: Where): Promise<void>
  /**
   * One that was on its way has failed: the next attempt comes by the usual schedule. Null: it came and goes back, because
   * something else is due by now, and that is no decline. Answers the customer's version.
   */
  ended(tx: Transaction, purpose: Purpose, where: Where, failure: Failure | null): Promise<number | null>
  /** What waited for a method is tried now with this one, unless it was tried with it before. */
  methodCame(tx: Transaction, where: Where, providerMethodId: string): Promise<void>
}

/** Why the money did not come. */
export interface Failure {
  readonly kind: 'failed'
  readonly code: string
  readonly message: string
  readonly needsCustomer: boolean
}

export type Where = Pick<Fulfilment, 'project' | 'customerPk'>
