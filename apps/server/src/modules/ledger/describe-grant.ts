import type { Grant } from '@florin/core'

/** Where a grant comes from, in a sentence that a person can read. */
export function describeGrant({ kind, appliesTo }: Pick<Grant, 'kind' | 'appliesTo'>): string {
  return `${ORIGINS[kind]}${appliesTo.length > 0 ? ', for some meters only' : ''}`
}

const ORIGINS: Readonly<Record<Grant['kind'], string>> = {
  ALLOWANCE: 'Comes with a subscription, for its period',
  ROLLOVER: 'Left over from the period before',
  PROMOTIONAL: 'Given by the seller',
  PREPAID: 'Bought',
  COMMITTED: 'Comes with a commitment',
}
