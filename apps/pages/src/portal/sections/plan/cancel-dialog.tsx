import { amountOf, formatAmount, sum } from '@florin/core'
import type { CancelReason, Grant, SubscriptionState } from '@florin/sdk'
import { useBillingApi, useBillingState } from '@florin/sdk/react'
import { useId, useState } from 'react'
import { formatDay } from '../../../days.ts'
import { isZero } from '../../../formats.ts'
import { ActionButton } from '../../action-button.tsx'
import { creditNoun, creditsOf } from '../../credit-names.ts'
import { FaultMessage } from '../../fault-message.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { PortalDialog } from '../../portal-dialog.tsx'
import { useAction } from '../../use-action.ts'
import type { PlanEndings } from './use-plan-intent.ts'

const REASONS: readonly [CancelReason, string][] = [
  ['TOO_EXPENSIVE', 'It costs too much'],
  ['MISSING_FEATURES', 'Something I need is missing'],
  ['SWITCHED_SERVICE', 'I use something else now'],
  ['UNUSED', 'I don’t use it enough'],
  ['CUSTOMER_SERVICE', 'I am not happy with the support'],
  ['TOO_COMPLEX', 'It is too complicated'],
  ['LOW_QUALITY', 'The results are not good enough'],
  ['OTHER', 'Something else'],
]

const LONGEST_COMMENT = 1000

type CancelDialogProps = PlanEndings & { subscription: SubscriptionState }

/** Says plainly what ends and what stays, asks why, and cancels: at the period's end, or at once in a pause. */
export function CancelDialog({ subscription, onClose, onDone, onScheduled }: CancelDialogProps) {
  const api = useBillingApi()
  const { portal } = usePortalContents()
  const { busy, fault, run } = useAction()
  const [reason, setReason] = useState<CancelReason | null>(null)
  const [comment, setComment] = useState('')
  const { rateCard, status, currentPeriodEnd } = subscription
  const day = formatDay(currentPeriodEnd, portal.timezone)
  const atOnce = status === 'PAUSED'
  const cancel = () =>
    run(async () => {
      await api.cancelSubscription({
        subscriptionId: subscription.id,
        at: 'PERIOD_END',
        ...(reason && { reason }),
        ...(comment.trim() && { comment }),
      })
      if (atOnce) onDone({ tone: 'quiet', sentence: `${rateCard.name} has ended.` })
      else onScheduled(`${rateCard.name} ends on ${day}. You can take this back until then.`)
    })
  return (
    <PortalDialog open title={`Cancel ${rateCard.name}?`} onClose={onClose}>
      <Consequences subscription={subscription} day={atOnce ? null : day} />
      <fieldset className="field reasons">
        <legend className="field-label">
          Why are you leaving? <span className="field-hint">You don’t have to say.</span>
        </legend>
        {REASONS.map(([code, label]) => (
          <label key={code} className="reason">
            <input type="radio" name="reason" checked={reason === code} onChange={() => setReason(code)} />
            {label}
          </label>
        ))}
      </fieldset>
      <Comment
        merchant={portal.merchant}
        value={comment}
        onChange={setComment}
        problem={fault?.field === 'comment' ? fault.sentence : null}
      />
      {fault?.field !== 'comment' && <FaultMessage fault={fault} />}
      <div className="actions">
        <ActionButton kind="bad" busy={busy} onClick={cancel}>
          {atOnce ? 'Cancel now' : `Cancel on ${day}`}
        </ActionButton>
        <button type="button" className="button button-plain" onClick={onClose}>
          Keep {rateCard.name}
        </button>
      </div>
    </PortalDialog>
  )
}

type CommentProps = { merchant: string; value: string; problem: string | null; onChange: (value: string) => void }

function Comment({ merchant, value, problem, onChange }: CommentProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        What could {merchant} do better?
      </label>
      <textarea
        id={id}
        className="input"
        rows={3}
        maxLength={LONGEST_COMMENT}
        value={value}
        aria-invalid={problem !== null}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem && (
        <span className="field-problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}

/** What happens to access, to credits and to money. */
function Consequences({ subscription, day }: { subscription: SubscriptionState; day: string | null }) {
  const { state } = useBillingState()
  const { rateCard, status } = subscription
  const own = (state?.balances ?? []).filter(({ creditType }) =>
    rateCard.allowances.some((a) => a.creditType === creditType),
  )
  const kept = (state?.balances ?? []).flatMap(({ creditType, grants }) => {
    const left = sumOf(grants.filter(({ kind }) => kind !== 'ALLOWANCE' && kind !== 'ROLLOVER'))
    return isZero(left) ? [] : [creditsOf(state, left, creditType)]
  })
  const over = own.some(({ overage }) => !isZero(overage))
  const until = day ? `until ${day}` : null
  return (
    <ul className="consequences">
      {until && (
        <li>
          You can use {rateCard.name} {until}, and change your mind.
        </li>
      )}
      {own.map(({ creditType, available }) => (
        <li key={creditType}>
          Your plan’s {creditNoun(state, creditType, available)} can{' '}
          {day ? `be used until ${day}.` : 'no longer be used.'}
        </li>
      ))}
      {kept.length > 0 && <li>The {kept.join(' and ')} that you bought or were given stay yours.</li>}
      {over && <li>What you used beyond your credits is invoiced then.</li>}
      <li>{status === 'TRIALING' ? 'You are not charged.' : 'You are not charged again. Nothing is paid back.'}</li>
    </ul>
  )
}

const sumOf = (grants: readonly Grant[]) => formatAmount(sum(grants.map(({ remaining }) => amountOf(remaining))))
