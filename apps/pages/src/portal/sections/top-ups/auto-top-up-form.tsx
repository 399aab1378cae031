import { amountOf } from '@florin/core'
import type { AutoTopUp, BillingState, Bundle } from '@florin/sdk'
import { useBillingApi } from '@florin/sdk/react'
import { type FormEvent, useRef, useState } from 'react'
import { ActionButton } from '../../action-button.tsx'
import { moneyOf, readAmount } from '../../amounts.ts'
import { creditsOf } from '../../credit-names.ts'
import { FaultMessage } from '../../fault-message.tsx'
import { AmountField, Field } from '../../field.tsx'
import { SubmitButton } from '../../submit-button.tsx'
import { useAction } from '../../use-action.ts'
import { draftOf, type Problems, readTerms, type TopUpDraft, type TopUpField } from './top-up-form.ts'

type AutoTopUpFormProps = {
  creditType: string
  offers: readonly Bundle[]
  topUp: AutoTopUp | undefined
  state: BillingState
  onCancel: () => void
  onSaved: () => void
}

const FIELDS: readonly TopUpField[] = ['bundle', 'threshold', 'maxPerMonth', 'maxSpendPerMonth']

/** The terms of a switch. What is wrong stands at its field, and the first of these gets the focus. */
export function AutoTopUpForm({ creditType, offers, topUp, state, onCancel, onSaved }: AutoTopUpFormProps) {
  const { draft, change, problems, busy, fault, submit, form } = useTopUpForm(creditType, offers, topUp, onSaved)
  const bundle = offers.find(({ code }) => code === draft.bundle)
  const low = bundle && isLow(state, creditType, draft.threshold)
  const general = fault && !FIELDS.some((field) => field === fieldOf(fault.field)) ? fault : null
  return (
    <form className="form" ref={form} noValidate onSubmit={submit}>
      <Field label="Buy" problem={problems.bundle ?? null}>
        {(control) => (
          <select className="input" {...control} value={draft.bundle} onChange={change('bundle')}>
            {offers.map(({ code, name, credits, price }) => (
              <option key={code} value={code}>
                {name}: {creditsOf(state, credits, creditType)} for {moneyOf(price.amount, price.currency)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <AmountField
        label="When the balance falls to"
        hint="In credits. As many packs are bought as it takes to get above it."
        problem={problems.threshold ?? null}
        value={draft.threshold}
        onChange={change('threshold')}
      />
      <div className="form-pair">
        <AmountField
          label="Most purchases a month"
          hint="Empty: no limit."
          problem={problems.maxPerMonth ?? null}
          mode="numeric"
          value={draft.maxPerMonth}
          onChange={change('maxPerMonth')}
        />
        <AmountField
          label={bundle ? `Most to spend a month, in ${bundle.price.currency}` : 'Most to spend a month'}
          hint="With tax. Empty: no limit."
          problem={problems.maxSpendPerMonth ?? null}
          value={draft.maxSpendPerMonth}
          onChange={change('maxSpendPerMonth')}
        />
      </div>
      {!state.paymentMethod && (
        <p className="problem">There is no payment method to charge yet. Add one, or it can’t buy anything.</p>
      )}
      {low && state.paymentMethod && (
        <p className="problem">
          Your balance is that low already, so {creditsOf(state, bundle.credits, creditType)} or more are bought at
          once.
        </p>
      )}
      <FaultMessage fault={general} />
      <div className="row">
        <SubmitButton busy={busy}>{topUp?.enabled ? 'Save' : low ? 'Switch on and buy now' : 'Switch on'}</SubmitButton>
        <ActionButton kind="plain" small busy={false} onClick={onCancel}>
          Cancel
        </ActionButton>
      </div>
    </form>
  )
}

function useTopUpForm(
  creditType: string,
  offers: readonly Bundle[],
  topUp: AutoTopUp | undefined,
  onSaved: () => void,
) {
  const api = useBillingApi()
  const { busy, fault, run } = useAction()
  const [draft, setDraft] = useState<TopUpDraft>(() => draftOf(topUp, offers))
  const [found, setFound] = useState<Problems<TopUpField>>({})
  const form = useRef<HTMLFormElement>(null)
  const change = (field: TopUpField) => (event: { target: { value: string } }) => {
    setDraft({ ...draft, [field]: event.target.value })
    setFound({ ...found, [field]: undefined })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readTerms(draft, offers)
    if ('problems' in read) {
      setFound(read.problems)
      // Once the fields know that they are wrong.
      setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    setFound({})
    void run(async () => {
      await api.setAutoTopUp({ creditType, enabled: true, ...read.terms })
      onSaved()
    })
  }
  const told = fieldOf(fault?.field)
  const problems = { ...(told && fault && { [told]: fault.sentence }), ...definedOf(found) } as Problems<TopUpField>
  return { draft, change, problems, busy, fault, submit, form }
}

const definedOf = (problems: Problems<TopUpField>) =>
  Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== undefined))

/** `input.threshold` is the threshold. */
const fieldOf = (field: string | undefined) => field?.split('.').at(-1)

function isLow({ balances }: BillingState, creditType: string, typed: string): boolean {
  const threshold = readAmount(typed)
  const balance = balances.find((each) => each.creditType === creditType)
  return threshold !== null && amountOf(balance?.available ?? '0') <= amountOf(threshold)
}
