import { COUNTRIES, countryName } from '@florin/core'
import type { BillingDetails } from '@florin/sdk'
import { useBillingApi } from '@florin/sdk/react'
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react'
import { ActionButton } from '../../action-button.tsx'
import { FaultMessage } from '../../fault-message.tsx'
import { Field } from '../../field.tsx'
import { SubmitButton } from '../../submit-button.tsx'
import { useAction } from '../../use-action.ts'
import { type DetailField, draftOf, inputOf, missingIn, type Problem, problemOf } from './billing-details.ts'

type BillingDetailsFormProps = {
  details: BillingDetails
  onSaved: () => Promise<void>
  onClose: () => void
}

/** Name, e-mail, tax id and address. It begins at its first field, and goes back to the field that is wrong. */
export function BillingDetailsForm({ details, onSaved, onClose }: BillingDetailsFormProps) {
  const { form, draft, change, problem, fault, busy, submit } = useDetails(details, onSaved)
  const text = (field: DetailField, label: string, autoComplete: string, hint?: string) => (
    <Field label={label} {...(hint && { hint })} problem={problem?.field === field ? problem.sentence : null}>
      {(control) => (
        <input
          className="input"
          {...control}
          name={field}
          type={field === 'email' ? 'email' : 'text'}
          autoComplete={autoComplete}
          value={draft[field]}
          onChange={({ target }) => change(field, target.value)}
        />
      )}
    </Field>
  )
  return (
    <form className="form" noValidate onSubmit={submit} ref={form} aria-label="Billing details">
      {text('name', 'Name or company', 'organization')}
      {text('email', 'E-mail', 'email', 'Receipts and notices go there.')}
      <fieldset className="form details-address">
        <legend className="details-legend">Address</legend>
        {text('address.line1', 'Street and number', 'address-line1')}
        {text('address.line2', 'Building, floor or department (optional)', 'address-line2')}
        <div className="form-pair">
          {text('address.postalCode', 'Postal code', 'postal-code')}
          {text('address.city', 'City', 'address-level2')}
        </div>
        <div className="form-pair">
          {text('address.state', 'State or region (optional)', 'address-level1')}
          <Field label="Country" problem={problem?.field === 'address.country' ? problem.sentence : null}>
            {(control) => (
              <select
                className="input"
                {...control}
                name="address.country"
                autoComplete="country"
                value={draft['address.country']}
                onChange={({ target }) => change('address.country', target.value)}
              >
                <option value="">Choose…</option>
                {BY_NAME.map(({ code, name }) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      </fieldset>
      {text('taxId', 'Tax ID (optional)', 'off', 'Such as a VAT number. It stands on your invoices.')}
      <FaultMessage fault={problem ? null : fault} />
      <div className="row">
        <SubmitButton busy={busy}>Save</SubmitButton>
        <ActionButton kind="plain" small busy={false} onClick={onClose}>
          Cancel
        </ActionButton>
      </div>
    </form>
  )
}

const BY_NAME = COUNTRIES.map((code) => ({ code, name: countryName(code) })).sort((one, other) =>
  one.name.localeCompare(other.name, 'en'),
)

function useDetails(details: BillingDetails, onSaved: () => Promise<void>) {
  const api = useBillingApi()
  const { busy, fault, run, forget } = useAction()
  const [draft, setDraft] = useState(() => draftOf(details))
  const [missing, setMissing] = useState<Problem | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const problem = useMemo(() => missing ?? problemOf(fault), [missing, fault])
  useEffect(() => focusOn(form.current, 'name'), [])
  useEffect(() => {
    if (problem) focusOn(form.current, problem.field)
  }, [problem])

  const change = (field: DetailField, text: string) => {
    setDraft((before) => ({ ...before, [field]: text }))
    if (problem?.field !== field) return
    setMissing(null)
    forget()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const first = missingIn(draft)
    setMissing(first)
    if (first) return
    void run(async () => {
      await api.setBillingDetails(inputOf(draft))
      await onSaved()
    })
  }
  return { form, draft, change, problem, fault, busy, submit }
}

function focusOn(form: HTMLFormElement | null, field: DetailField): void {
  const control = form?.elements.namedItem(field)
  if (control instanceof HTMLElement) control.focus()
}
