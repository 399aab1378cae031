import { formatNumber } from '../../formats.ts'
import type { CheckoutCredits } from '../checkout-api.ts'

/** Each balance before and after the payment. */
export function CreditsChange({ credits, changing }: { credits: CheckoutCredits[]; changing: boolean }) {
  if (credits.length === 0) return null
  return (
    <ul className={changing ? 'credits is-changing' : 'credits'} aria-label="Your balance">
      {credits.map(({ creditType, name, before, after }) => (
        <li key={creditType} className="credits-row">
          <span className="credits-name">{name}</span>
          <span className="credits-numbers">
            <span className="visually-hidden">from </span>
            <span className="credits-before">{formatNumber(before)}</span>
            <span className="credits-arrow" aria-hidden="true">
              →
            </span>
            <span className="visually-hidden"> to </span>
            <strong className="credits-after">{formatNumber(after)}</strong>
          </span>
        </li>
      ))}
    </ul>
  )
}
