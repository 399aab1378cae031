import { amountOf, formatAmount } from '@florin/core'
import type { BillingState, Bundle } from '@florin/sdk'
import { useOpenCheckout, useTaxRate } from '@florin/sdk/react'
import { useId, useState } from 'react'
import { formatNumber } from '../../../formats.ts'
import { Stepper } from '../../../stepper.tsx'
import { taxWords } from '../../../tax-words.ts'
import { ActionButton } from '../../action-button.tsx'
import { moneyOf } from '../../amounts.ts'
import { creditsOf } from '../../credit-names.ts'
import { FaultMessage } from '../../fault-message.tsx'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { SLOW_MONEY } from '../../slow-money.ts'
import { useAction } from '../../use-action.ts'
import { lifeOf } from './offers.ts'

const MOST = 1_000

type BuyCreditsProps = { offers: readonly Bundle[]; state: BillingState }

/** Credits for a fixed price, as many times as wanted. */
export function BuyCredits({ offers, state }: BuyCreditsProps) {
  const { value: tax } = useTaxRate()
  return (
    <Panel title="Buy credits">
      <ul className="packs">
        {offers.map((bundle) => (
          <Offer key={bundle.code} bundle={bundle} state={state} />
        ))}
      </ul>
      <p className="quiet small">
        {tax && `Prices are ${tax.mode === 'EXCLUSIVE' ? taxWords(tax) : `with ${taxWords(tax)}`}. `}
        You see the total, with tax, before you pay: with your payment method on file or another one.
      </p>
    </Panel>
  )
}

function Offer({ bundle, state }: { bundle: Bundle; state: BillingState }) {
  const { name, credits, creditType, price } = bundle
  const [quantity, setQuantity] = useState(1)
  const { busy, fault, buy } = useBuying(bundle, quantity, state)
  const total = moneyOf(formatAmount(amountOf(price.amount) * BigInt(quantity)), price.currency)
  const title = useId()
  return (
    <li className="pack" aria-labelledby={title}>
      <div className="pack-what">
        <h3 className="pack-name" id={title}>
          {name}
        </h3>
        <p className="pack-credits">{creditsOf(state, credits, creditType)}</p>
        <p className="quiet small">{lifeOf(bundle)}</p>
      </div>
      <p className="pack-price">{moneyOf(price.amount, price.currency)}</p>
      <div className="pack-buy">
        <Stepper label={name} labelHidden value={quantity} least={1} most={MOST} onChange={setQuantity} />
        <ActionButton kind="primary" small busy={busy} onClick={() => void buy()}>
          Buy for {total}
          <span className="visually-hidden">
            : {formatNumber(String(quantity))} × {name}
          </span>
        </ActionButton>
      </div>
      <FaultMessage fault={fault} />
    </li>
  )
}

function useBuying({ code, credits, creditType }: Bundle, quantity: number, state: BillingState) {
  const openCheckout = useOpenCheckout()
  const { announce } = usePortalContents()
  const { busy, fault, run } = useAction()
  const buy = () =>
    run(async () => {
      const { outcome } = await openCheckout({ bundle: code, quantity })
      if (outcome === 'canceled') return
      if (outcome === 'pending') return announce(SLOW_MONEY)
      const bought = formatAmount(amountOf(credits) * BigInt(quantity))
      announce(`${creditsOf(state, bought, creditType)} were added to your balance.`)
    })
  return { busy, fault, buy }
}
