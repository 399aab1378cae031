import { useId } from 'react'
import { isZero } from '../../client/live/price.ts'
import type { Balance, RateCardChangePreview } from '../../client/types.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import type { PlanChange } from '../use-plan-change.ts'
import { ActionButton } from './action-button.tsx'
import { ModalDialog } from './modal-dialog.tsx'

interface ChangeDialogProps {
  readonly change: PlanChange | null
  readonly busy: boolean
  readonly texts: Texts
}

/** What a change of plan costs and brings, before it is made. */
export function ChangeDialog({ change, busy, texts }: ChangeDialogProps) {
  const { pricing } = texts.labels
  const title = change ? pricing.changeTitle(change.rateCard.name) : ''
  return (
    <ModalDialog open={change !== null} onClose={() => change?.dismiss()} title={title} texts={texts}>
      {change && (
        <>
          <When change={change} texts={texts} />
          <div className="florin-preview" aria-live="polite" aria-busy={change.loading || undefined}>
            {change.preview && <Totals preview={change.preview} texts={texts} />}
          </div>
          <p className="florin-failure" role="alert">
            {change.error?.message}
          </p>
          <div className="florin-actions">
            {change.payAnotherWay && (
              <ActionButton onClick={change.payAnotherWay}>{pricing.payAnotherWay}</ActionButton>
            )}
            <ActionButton
              kind={change.payAnotherWay ? 'plain' : 'primary'}
              busy={busy}
              disabled={change.loading}
              onClick={change.confirm}
            >
              {pricing.confirm(change.rateCard.name)}
            </ActionButton>
            <ActionButton kind="plain" onClick={change.dismiss}>
              {pricing.cancel}
            </ActionButton>
          </div>
        </>
      )}
    </ModalDialog>
  )
}

function When({
  change: { behavior, setBehavior, subscription },
  texts: { labels, formats },
}: {
  change: PlanChange
  texts: Texts
}) {
  const { pricing } = labels
  const name = useId()
  const options = [
    ['RATE_DIFFERENCE', pricing.now],
    ['AT_PERIOD_END', pricing.atPeriodEnd(formats.date(subscription.currentPeriodEnd))],
  ] as const
  return (
    <fieldset className="florin-choice">
      <legend>{pricing.when}</legend>
      {options.map(([value, label]) => (
        <label key={value} className="florin-choice-option">
          <input type="radio" name={name} checked={behavior === value} onChange={() => setBehavior(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

function Totals({ preview, texts }: { preview: RateCardChangePreview; texts: Texts }) {
  const { labels, formats } = texts
  const { dueNow, nextRenewal, nextRenewalAt, lines } = preview
  const back = dueNow.amount.startsWith('-')
  const due = back ? { ...dueNow, amount: dueNow.amount.slice(1) } : dueNow
  return (
    <dl className="florin-totals">
      {lines.length > 1 &&
        [...lines.entries()].map(([position, { description, quantity, amount }]) => (
          <Row
            key={position}
            name={quantity === '1' ? description : `${description} × ${formats.number(quantity)}`}
            value={formats.money({ amount, currency: dueNow.currency })}
            quiet
          />
        ))}
      <Row name={back ? labels.pricing.creditedNow : labels.pricing.dueNow} value={formats.money(due)} />
      {creditChanges(preview, texts).map(([name, value]) => (
        <Row key={name} name={name} value={value} />
      ))}
      <Row name={labels.pricing.nextRenewal(formats.date(nextRenewalAt))} value={formats.money(nextRenewal)} quiet />
    </dl>
  )
}

const Row = ({ name, value, quiet = false }: { name: string; value: string; quiet?: boolean }) => (
  <div className={quiet ? 'florin-row florin-quiet' : 'florin-row'}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

/** Of each pool that the change moves: how much is there now, and how much would be. */
function creditChanges({ balancesBefore, balancesAfter }: RateCardChangePreview, { labels, formats }: Texts) {
  const availableIn = (balances: readonly Balance[], creditType: string) =>
    balances.find((balance) => balance.creditType === creditType)?.available ?? '0'
  const types = new Set([...balancesBefore, ...balancesAfter].map(({ creditType }) => creditType))
  return [...types].flatMap((creditType) => {
    const [before, after] = [availableIn(balancesBefore, creditType), availableIn(balancesAfter, creditType)]
    if (before === after && isZero(before)) return []
    const { pricing } = labels
    const value =
      before === after ? formats.number(after) : pricing.fromTo(formats.number(before), formats.number(after))
    return [[pricing.creditsAfter(labels.creditType(creditType)), value]] as const
  })
}
