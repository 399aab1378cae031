import type { RateCard } from '@florin/sdk'
import { useBillingState, useUsagePrices } from '@florin/sdk/react'
import { benefitsOf, creditNames, type Quantities } from '../../rate-card-words.ts'

/** What a plan brings and what usage costs on it, one short line each. */
export function Benefits({ card, quantities }: { card: RateCard; quantities: Quantities }) {
  const { state } = useBillingState()
  const prices = useUsagePrices(card)
  const lines = [...benefitsOf(card, creditNames(state?.balances ?? []), quantities), ...prices]
  if (lines.length === 0) return null
  return (
    <ul className="benefits">
      {lines.map((line) => (
        <li key={line}>
          <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
            <path d="m4.5 10.5 3.5 3.5 7.5-8" />
          </svg>
          {line}
        </li>
      ))}
    </ul>
  )
}
