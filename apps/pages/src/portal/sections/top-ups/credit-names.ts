import type { BillingState } from '@florin/sdk'
import { formatNumber } from '../../../formats.ts'

/** What a kind of credits is called where nothing else stands before it. */
export function creditName({ balances }: Pick<BillingState, 'balances'>, creditType: string): string {
  return balances.find((balance) => balance.creditType === creditType)?.name ?? creditType
}

/** `100 credits`: in the middle of a sentence. */
export function creditsOf(state: Pick<BillingState, 'balances'>, amount: string, creditType: string): string {
  const name = creditName(state, creditType)
  return `${formatNumber(amount)} ${name.charAt(0).toLowerCase()}${name.slice(1)}`
}
