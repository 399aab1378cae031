import { addressLines } from '@florin/core'
import type { BillingDetails } from '@florin/sdk'
import { useBillingDetails } from '@florin/sdk/react'
import { useEffect, useRef, useState } from 'react'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { BillingDetailsForm } from './billing-details-form.tsx'

/** Whom invoices are for, and the way to change it. */
export function BillingDetailsPanel() {
  const { value: details, error, reload } = useBillingDetails()
  const { announce } = usePortalContents()
  const [changing, setChanging] = useState(false)
  const button = useButtonAfter(changing)
  const saved = async () => {
    await reload()
    setChanging(false)
    announce('Your billing details were saved. Your next invoices have them.')
  }
  return (
    <Panel title="Billing details">
      <p className="quiet">
        They stand on your invoices and receipts. A change applies to future invoices; those that you have stay as they
        are.
      </p>
      {!details && !error && <p className="line-skeleton" role="status" aria-label="Loading your billing details…" />}
      {error && !details && (
        <p className="quiet">
          They can’t be shown at the moment.{' '}
          <button type="button" className="link" onClick={() => void reload()}>
            Try again
          </button>
        </p>
      )}
      {details && changing && (
        <BillingDetailsForm details={details} onSaved={saved} onClose={() => setChanging(false)} />
      )}
      {details && !changing && (
        <>
          <Details details={details} />
          <div className="row">
            <button
              type="button"
              className="button button-small button-plain"
              ref={button}
              onClick={() => setChanging(true)}
            >
              Change billing details
            </button>
          </div>
        </>
      )}
    </Panel>
  )
}

/** Takes the focus back when the form is gone. */
function useButtonAfter(changing: boolean) {
  const button = useRef<HTMLButtonElement>(null)
  const was = useRef(changing)
  useEffect(() => {
    if (was.current && !changing) button.current?.focus()
    was.current = changing
  }, [changing])
  return button
}

function Details({ details: { name, email, address, taxId } }: { details: BillingDetails }) {
  const facts = [
    { label: 'Name', lines: name ? [name] : [] },
    { label: 'E-mail', lines: email ? [email] : [] },
    { label: 'Address', lines: address ? addressLines(address) : [] },
    { label: 'Tax ID', lines: taxId ? [taxId] : [] },
  ]
  return (
    <dl className="details">
      {facts.map(({ label, lines }) => (
        <div key={label} className="detail">
          <dt>{label}</dt>
          {lines.length === 0 && <dd className="quiet">Not given</dd>}
          {lines.map((line) => (
            <dd key={line}>{line}</dd>
          ))}
        </div>
      ))}
    </dl>
  )
}
