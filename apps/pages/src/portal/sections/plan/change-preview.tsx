import type { RateCardChangePreview } from '@florin/sdk'
import { OrderLine } from '../../../checkout/views/order-line.tsx'
import { formatDay } from '../../../days.ts'
import { formatMoney, formatNumber, isZero } from '../../../formats.ts'
import { usePortalContents } from '../../portal-context.ts'

type ChangePreviewProps = { preview: RateCardChangePreview | null; when: 'now' | 'later'; failed: boolean }

/** What a change does, in money and in credits: the API carries it out and takes it back to know. */
export function ChangePreview({ preview, when, failed }: ChangePreviewProps) {
  if (!preview) {
    if (failed) return null
    return (
      <div className="preview preview-loading" role="status">
        <span className="visually-hidden">Calculating…</span>
      </div>
    )
  }
  return (
    <div className="preview">
      <Money preview={preview} when={when} />
      <Credits preview={preview} when={when} />
    </div>
  )
}

function Money({ preview, when }: { preview: RateCardChangePreview; when: 'now' | 'later' }) {
  const { portal } = usePortalContents()
  const { dueNow, lines, nextRenewal, nextRenewalAt } = preview
  const credited = dueNow.amount.startsWith('-')
  return (
    <dl className="lines" aria-label="What it costs">
      {when === 'now' &&
        [...lines.entries()].map(([position, line]) => (
          <OrderLine key={position} line={line} currency={dueNow.currency} />
        ))}
      <div className={when === 'now' && lines.length > 0 ? 'line line-total' : 'line line-strong'}>
        <dt>{credited ? 'Added to your account credit' : 'Due now'}</dt>
        <dd>{formatMoney(credited ? { ...dueNow, amount: dueNow.amount.slice(1) } : dueNow)}</dd>
      </div>
      <div className="line">
        <dt>Next, on {formatDay(nextRenewalAt, portal.timezone)}</dt>
        <dd>{isZero(nextRenewal.amount) ? 'Nothing' : formatMoney(nextRenewal)}</dd>
      </div>
    </dl>
  )
}

/** Each balance where it changes: before and after, or what it is then, because much can be used until that day. */
function Credits({ preview, when }: { preview: RateCardChangePreview; when: 'now' | 'later' }) {
  const { portal } = usePortalContents()
  const { balancesBefore, balancesAfter, effectiveAt } = preview
  const changed = balancesAfter.flatMap((after) => {
    const before = balancesBefore.find(({ creditType }) => creditType === after.creditType)?.available ?? '0'
    return before === after.available ? [] : [{ ...after, before }]
  })
  if (changed.length === 0) return null
  return (
    <ul className="credits" aria-label="Your credits">
      {changed.map(({ creditType, name, before, available }) => (
        <li key={creditType} className="credits-row">
          <span>
            {when === 'now' ? `${name} right after` : `${name} on ${formatDay(effectiveAt, portal.timezone)}`}
          </span>
          <span className="credits-numbers">
            {when === 'now' && (
              <>
                <span className="visually-hidden">from </span>
                <span className="quiet">{formatNumber(before)}</span>
                <span className="quiet" aria-hidden="true">
                  →
                </span>
                <span className="visually-hidden"> to </span>
              </>
            )}
            <strong className="credits-after">{formatNumber(available)}</strong>
          </span>
        </li>
      ))}
    </ul>
  )
}
