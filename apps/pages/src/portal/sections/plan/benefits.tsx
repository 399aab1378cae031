import type { RateCard } from '@florin/sdk'
import { usePlanFacts } from '@florin/sdk/react'
import type { Quantities } from '../../rate-card-words.ts'

/** What a plan brings and what usage costs on it, one short line each. */
export function Benefits({ card, quantities }: { card: RateCard; quantities: Quantities }) {
  const lines = usePlanFacts(card, { quantities })
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
