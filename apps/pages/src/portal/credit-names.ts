import type { BillingState } from '@florin/sdk'
import { english } from '@florin/sdk/react'
import { formatNumber } from '../formats.ts'

type Named = Pick<BillingState, 'balances'> | null

/** What a kind of credits is called where nothing else stands before it. */
export function creditName(state: Named, creditType: string): string {
  return nameOf(state, creditType) ?? english.creditType(creditType)
}

/** The same in the middle of a sentence, for so many; of a kind that the customer never had there is only the code. */
export function creditNoun(state: Named, creditType: string, amount: string): string {
  const name = nameOf(state, creditType)
  return name ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : english.credits(creditType, amount)
}

/** `100 credits` */
export function creditsOf(state: Named, amount: string, creditType: string): string {
  return `${formatNumber(amount)} ${creditNoun(state, creditType, amount)}`
}

const nameOf = (state: Named, creditType: string) =>
  state?.balances.find((balance) => balance.creditType === creditType)?.name
