import type { RateCard, SubscriptionState } from '@florin/sdk'
import { useBillingApi, useBillingState, useRateCardPreview } from '@florin/sdk/react'
import { useMemo, useState } from 'react'
import { formatDay } from '../../../days.ts'
import { formatMoney, isZero } from '../../../formats.ts'
import { shortNameOf } from '../../../payment-method-words.ts'
import { ActionButton } from '../../action-button.tsx'
import { FaultMessage } from '../../fault-message.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { PortalDialog } from '../../portal-dialog.tsx'
import { adjustableRates, type Quantities, quantitiesBy, quantityOf } from '../../rate-card-words.ts'
import { faultOf } from '../../use-action.ts'
import { ChangePreview } from './change-preview.tsx'
import { directionOf } from './plan-offers.ts'
import { RateSteppers } from './rate-steppers.tsx'
import type { PlanEndings } from './use-plan-intent.ts'
import { usePurchase } from './use-purchase.ts'
import { useSettled } from './use-settled.ts'

type ChangeDialogProps = PlanEndings & {
  subscription: SubscriptionState
  /** The card to move to; the subscription's own to change the number of seats. */
  card: RateCard
}

type When = 'now' | 'later'

/** What a change costs and brings, now or at the period's end, and the button that does it. */
export function ChangeDialog({ subscription, card, onClose, onDone, onScheduled }: ChangeDialogProps) {
  const api = useBillingApi()
  const { state } = useBillingState()
  const { portal } = usePortalContents()
  const { when, setWhen, wanted, setWanted, change, list, isDown } = useWantedChange(subscription, card)
  const { preview, error } = useRateCardPreview(useSettled(change))
  const { busy, fault, declined, buy, buyWithAnotherCard, forget } = usePurchase(onClose, (news) =>
    when === 'later' && news.tone === 'good' ? onScheduled(news.sentence) : onDone(news),
  )

  const seats = card.code === subscription.rateCard.code
  const day = formatDay(subscription.currentPeriodEnd, portal.timezone)
  const problem = fault ?? (error && faultOf(error))
  const due = when === 'now' && preview && !isZero(preview.dueNow.amount) && !preview.dueNow.amount.startsWith('-')
  const done = doneWords(card, seats, when, day)

  return (
    <PortalDialog
      open
      title={seats ? `Change ${namesOf(card, wanted)}` : `Change to ${card.name}`}
      description={seats ? undefined : `Instead of ${subscription.rateCard.name}. What you have used stays used.`}
      onClose={onClose}
    >
      <RateSteppers
        card={card}
        quantities={wanted}
        problem={problem}
        onChange={(next) => {
          forget()
          setWanted(next)
        }}
      />
      {isDown && <WhenChoice when={when} day={day} onChange={setWhen} />}
      {change ? (
        <ChangePreview preview={preview} when={when} failed={error !== null} />
      ) : (
        <p className="quiet">Choose another number to see what it costs.</p>
      )}
      {declined && <Declined advice={declined} />}
      {!problem?.field?.startsWith('quantities') && <FaultMessage fault={problem} />}
      <div className="actions">
        <ActionButton
          kind="primary"
          busy={busy}
          disabled={!change || !preview || error !== null}
          onClick={() => change && buy({ ask: () => api.changeRateCard(change), done })}
        >
          {when === 'later'
            ? `Change on ${day}`
            : due
              ? payWords(preview.dueNow, state?.paymentMethod ?? null)
              : 'Change now'}
        </ActionButton>
        {declined && (
          <ActionButton
            kind="plain"
            busy={false}
            onClick={() => buyWithAnotherCard({ rateCard: card.code }, { quantities: list }, done)}
          >
            Pay with another card
          </ActionButton>
        )}
        {due && state?.paymentMethod && (
          <p className="quiet small dialog-card">Paid with {shortNameOf(state.paymentMethod)}</p>
        )}
      </div>
    </PortalDialog>
  )
}

/** What the dialog asks for, as the API takes it; null while it would change nothing. */
function useWantedChange(subscription: SubscriptionState, card: RateCard) {
  const [wanted, setWanted] = useState<Quantities>(() => carried(subscription, card))
  const [chosen, setWhen] = useState<When | null>(null)
  const isDown = directionOf(subscription, card, wanted) === 'down'
  const when = chosen !== null && isDown ? chosen : isDown ? 'later' : 'now'
  const changes = card.code !== subscription.rateCard.code || differs(carried(subscription, card), wanted)
  const { list, change } = useMemo(() => {
    const quantities = Object.entries(wanted).map(([code, quantity]) => ({ code, quantity }))
    const behavior: 'RATE_DIFFERENCE' | 'AT_PERIOD_END' = when === 'now' ? 'RATE_DIFFERENCE' : 'AT_PERIOD_END'
    return {
      list: quantities,
      change: {
        subscriptionId: subscription.id,
        rateCard: card.code,
        behavior,
        ...(quantities.length > 0 && { quantities }),
      },
    }
  }, [wanted, when, subscription.id, card.code])
  return { when, setWhen, wanted, setWanted, isDown, list, change: changes ? change : null }
}

/** The numbers that the customer has go along to another card, by the rate's code. */
function carried(subscription: SubscriptionState, card: RateCard): Quantities {
  const has = quantitiesBy(subscription.quantities)
  const own = card.code === subscription.rateCard.code ? has : {}
  return Object.fromEntries(adjustableRates(card, { ...has, ...own }).map((rate) => [rate.code, quantityOf(rate, has)]))
}

const differs = (one: Quantities, other: Quantities) => Object.keys(one).some((code) => one[code] !== other[code])

function namesOf(card: RateCard, quantities: Quantities): string {
  const rates = card.fixedRates.filter(({ code }) => code in quantities)
  return rates.map(({ name }) => name.toLowerCase()).join(' and ')
}

function doneWords(card: RateCard, seats: boolean, when: When, day: string): string {
  if (when === 'later') return seats ? `This changes on ${day}.` : `You move to ${card.name} on ${day}.`
  return seats ? `Done: ${card.name} is changed.` : `You’re on ${card.name} now.`
}

function payWords(due: { amount: string; currency: string }, card: object | null): string {
  return card ? `Pay ${formatMoney(due)} and change` : 'Continue to payment'
}

function WhenChoice({ when, day, onChange }: { when: When; day: string; onChange: (when: When) => void }) {
  return (
    <fieldset className="field choice-list">
      <legend className="field-label">When</legend>
      <Choice name="when" checked={when === 'later'} onChange={() => onChange('later')} label={`On ${day}`}>
        You keep all that you have paid for until then.
      </Choice>
      <Choice name="when" checked={when === 'now'} onChange={() => onChange('now')} label="Now">
        What you have not used of it becomes account credit.
      </Choice>
    </fieldset>
  )
}

type ChoiceProps = { name: string; checked: boolean; onChange: () => void; label: string; children?: string }

export function Choice({ name, checked, onChange, label, children }: ChoiceProps) {
  return (
    <label className="choice">
      <input type="radio" name={name} checked={checked} onChange={onChange} />
      <span className="choice-text">
        {label}
        {children && <span className="choice-detail">{children}</span>}
      </span>
    </label>
  )
}

export function Declined({ advice }: { advice: string }) {
  return (
    <p className="problem problem-bad" role="alert">
      <strong>The payment did not go through.</strong> {advice} Nothing was charged and nothing has changed.
    </p>
  )
}
