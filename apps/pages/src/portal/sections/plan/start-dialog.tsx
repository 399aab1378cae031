import type { RateCard } from '@florin/sdk'
import { useBillingApi, useBillingState } from '@florin/sdk/react'
import { useState } from 'react'
import { shortNameOf } from '../../../payment-method-words.ts'
import { ActionButton } from '../../action-button.tsx'
import { FaultMessage } from '../../fault-message.tsx'
import { PortalDialog } from '../../portal-dialog.tsx'
import { adjustableRates, isFree, type Quantities, quantityOf } from '../../rate-card-words.ts'
import type { News } from '../../section-news.tsx'
import { Benefits } from './benefits.tsx'
import { Declined } from './change-dialog.tsx'
import { PlanPrice } from './plan-price.tsx'
import { RateSteppers } from './rate-steppers.tsx'
import { usePurchase } from './use-purchase.ts'

type StartDialogProps = { card: RateCard; adds: boolean; onClose: () => void; onDone: (news: News) => void }

/** A first plan, or one more beside those that the customer has. What is due exactly, tax included, the checkout says. */
export function StartDialog({ card, adds, onClose, onDone }: StartDialogProps) {
  const api = useBillingApi()
  const { state } = useBillingState()
  const [wanted, setWanted] = useState<Quantities>(() =>
    Object.fromEntries(adjustableRates(card).map((rate) => [rate.code, quantityOf(rate, {})])),
  )
  const { busy, fault, declined, buy, buyWithAnotherCard, forget } = usePurchase(onClose, onDone)
  const method = state?.paymentMethod
  const quantities = Object.entries(wanted).map(([code, quantity]) => ({ code, quantity }))
  const free = isFree(card, wanted) || card.trialDays > 0
  const done = adds ? `${card.name} is added to your plan.` : `You’re on ${card.name} now.`
  const ask = () => api.subscribe({ rateCard: card.code, ...(quantities.length > 0 && { quantities }) })
  return (
    <PortalDialog open title={`${adds ? 'Add' : 'Choose'} ${card.name}`} onClose={onClose}>
      <p className="current-amount">
        <PlanPrice card={card} quantities={wanted} />
      </p>
      {card.trialDays > 0 && (
        <p className="quiet">
          The first {card.trialDays} days are free, if you have not tried it before. Cancel before they end, and you pay
          nothing.
        </p>
      )}
      <Benefits card={card} quantities={wanted} />
      <RateSteppers
        card={card}
        quantities={wanted}
        problem={fault}
        onChange={(next) => {
          forget()
          setWanted(next)
        }}
      />
      {declined && <Declined advice={declined} />}
      {!fault?.field?.startsWith('quantities') && <FaultMessage fault={fault} />}
      <div className="actions">
        <ActionButton kind="primary" busy={busy} onClick={() => buy({ ask, done })}>
          {free ? `Start ${card.name}` : method ? `Pay with ${shortNameOf(method)}` : 'Continue to payment'}
        </ActionButton>
        {declined && (
          <ActionButton
            kind="plain"
            busy={false}
            onClick={() => buyWithAnotherCard({ rateCard: card.code }, { quantities }, done)}
          >
            Pay with another card
          </ActionButton>
        )}
      </div>
    </PortalDialog>
  )
}
