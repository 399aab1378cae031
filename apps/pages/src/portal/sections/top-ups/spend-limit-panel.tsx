import type { BillingState, Money } from '@florin/sdk'
import { useBillingApi } from '@florin/sdk/react'
import { type FormEvent, useRef, useState } from 'react'
import { ActionButton } from '../../action-button.tsx'
import { decimalsOf, moneyOf, readAmount } from '../../amounts.ts'
import { FaultMessage } from '../../fault-message.tsx'
import { Field } from '../../field.tsx'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { SubmitButton } from '../../submit-button.tsx'
import { useAction } from '../../use-action.ts'

/** How much usage beyond the credits may cost in a period. Only where a card charges for it. */
export function SpendLimitPanel({ state }: { state: BillingState }) {
  const { overageSpend, spendLimit } = state
  const [spent] = overageSpend
  if (!spent) return null
  return (
    <Panel title="Spend limit">
      <p className="quiet">
        What you use beyond your credits is charged at the end of the period. Set the most that it may come to: once it
        is reached, usage stops.
      </p>
      {overageSpend.map((money) => (
        <Spent key={money.currency} spent={money} limit={spendLimit} />
      ))}
      <SpendLimitForm key={spendLimit ?? 'none'} limit={spendLimit} currency={spent.currency} />
    </Panel>
  )
}

function Spent({ spent: { amount, currency }, limit }: { spent: Money; limit: string | null }) {
  const used = moneyOf(amount, currency)
  if (limit === null) {
    return (
      <p>
        <strong>{used}</strong> so far in this period. There is no limit.
      </p>
    )
  }
  return (
    <div className="spent">
      <p>
        <strong>{used}</strong> of {moneyOf(limit, currency)} used in this period
      </p>
      <meter
        className="meter"
        min={0}
        max={Math.max(Number(limit), 0.01)}
        value={Math.min(Number(amount), Number(limit))}
        aria-label={`${used} of ${moneyOf(limit, currency)} used`}
      />
    </div>
  )
}

function SpendLimitForm({ limit, currency }: { limit: string | null; currency: string }) {
  const { typed, type, problem, submit, lift, input, saving, lifting } = useSpendLimit(limit, currency)
  return (
    <form className="form" noValidate onSubmit={submit}>
      <Field label={`Most to spend a period, in ${currency}`} problem={problem}>
        {(control) => (
          <input
            className="input input-short"
            inputMode="decimal"
            autoComplete="off"
            {...control}
            ref={input}
            value={typed}
            onChange={({ target }) => type(target.value)}
          />
        )}
      </Field>
      <FaultMessage fault={(saving.fault?.field ? null : saving.fault) ?? lifting.fault} />
      <div className="row">
        <SubmitButton busy={saving.busy}>{limit === null ? 'Set limit' : 'Change limit'}</SubmitButton>
        {limit !== null && (
          <ActionButton kind="plain" small busy={lifting.busy} onClick={lift}>
            Remove limit
          </ActionButton>
        )}
      </div>
    </form>
  )
}

function useSpendLimit(limit: string | null, currency: string) {
  const api = useBillingApi()
  const { announce } = usePortalContents()
  const [saving, lifting] = [useAction(), useAction()]
  const [typed, setTyped] = useState(limit ?? '')
  const [wrong, setWrong] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const amount = readAmount(typed)
    if (amount === null || (amount.split('.')[1]?.length ?? 0) > decimalsOf(currency)) {
      setWrong(`Write an amount of ${currency}, such as ${decimalsOf(currency) > 0 ? '50.00' : '5000'}.`)
      input.current?.focus()
      return
    }
    void saving.run(async () => {
      await api.setSpendLimit(amount)
      announce(`Your spend limit is ${moneyOf(amount, currency)}.`)
    })
  }
  const lift = () =>
    void lifting.run(async () => {
      await api.setSpendLimit(null)
      announce('Your spend limit was removed.')
    })
  const type = (text: string) => {
    setTyped(text)
    setWrong(null)
  }
  const problem = wrong ?? (saving.fault?.field ? saving.fault.sentence : null)
  return { typed, type, problem, submit, lift, input, saving, lifting }
}
