import { formatAmount, type Grant } from '@florin/core'

/** A grant as the API shows it. Decimals as text, so that it can be stored as an answer. Meters and type by internal key. */
export interface GrantState extends Omit<Grant, 'amount' | 'remaining' | 'held' | 'frozen' | 'owed'> {
  readonly amount: string
  readonly remaining: string
  readonly held: string
  readonly frozen: string
  readonly owed: string
}

export function storeGrant(grant: Grant): GrantState {
  return {
    ...grant,
    amount: formatAmount(grant.amount),
    remaining: formatAmount(grant.remaining),
    held: formatAmount(grant.held),
    frozen: formatAmount(grant.frozen ?? 0n),
    owed: formatAmount(grant.owed),
  }
}
