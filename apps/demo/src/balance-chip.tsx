import { useCredits } from './billing.tsx'
import { overagePriceOf } from './plan-words.ts'

/** The balance, live. A new number rolls in; without motion it just stands there. */
export function BalanceChip() {
  const { credits, plan, status } = useCredits()
  const over = credits && credits.overage !== '0' ? credits.overage : null
  const price = plan && overagePriceOf(plan)
  return (
    <div className={`balance ${over ? 'balance-over' : ''}`} data-status={status}>
      <output className="balance-number" aria-label="Balance" aria-live="polite">
        {credits ? (
          <>
            <span key={credits.available} className="rolling">
              {credits.available}
            </span>{' '}
            {credits.available === '1' ? 'credit' : 'credits'}
          </>
        ) : (
          <span className="balance-waiting">… credits</span>
        )}
      </output>
      {over && (
        <span className="balance-overage">
          {over} over{price && ` · billed at period end at ${price}`}
        </span>
      )}
      {status === 'reconnecting' && <span className="balance-overage">reconnecting…</span>}
    </div>
  )
}
