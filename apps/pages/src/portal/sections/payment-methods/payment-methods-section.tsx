import type { BillingState, PaymentMethod } from '@florin/sdk'
import { useBillingApi, useBillingState, useOpenCheckout, usePaymentMethods } from '@florin/sdk/react'
import { useState } from 'react'
import { nameOf } from '../../../payment-method-words.ts'
import { ActionButton } from '../../action-button.tsx'
import { FaultMessage } from '../../fault-message.tsx'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'
import { useAction } from '../../use-action.ts'
import { useProjectNow } from '../../use-project-now.ts'
import { BillingDetailsPanel } from './billing-details-panel.tsx'
import { PaymentMethodRow } from './payment-method-row.tsx'
import { consequencesOf } from './removal-words.ts'
import { RemoveDialog } from './remove-dialog.tsx'

/** What renewals and top-ups are charged to. */
export function PaymentMethodsSection() {
  const { state } = useBillingState()
  const { value: methods, error, reload } = usePaymentMethods()
  return (
    <>
      <SectionHeading title="Payment methods">
        Renewals and automatic top-ups are charged to the default one.
      </SectionHeading>
      {(!state || (!methods && !error)) && <SectionLoading label="Loading your payment methods…" />}
      {error && !methods && (
        <Panel title="Your payment methods">
          <p className="quiet">
            They can’t be shown at the moment.{' '}
            <button type="button" className="link" onClick={() => void reload()}>
              Try again
            </button>
          </p>
        </Panel>
      )}
      {state && methods && <PaymentMethods state={state} methods={methods} reload={reload} />}
      {state && (methods || error) && <BillingDetailsPanel />}
    </>
  )
}

type PaymentMethodsProps = {
  state: BillingState
  methods: readonly PaymentMethod[]
  reload: () => Promise<void>
}

function PaymentMethods({ state, methods, reload }: PaymentMethodsProps) {
  const { portal, announce } = usePortalContents()
  const api = useBillingApi()
  const now = useProjectNow()
  const change = useAction()
  const [changing, setChanging] = useState<string | null>(null)
  const [leaving, setLeaving] = useState<PaymentMethod | null>(null)
  const { timezone } = portal

  const makeDefault = (method: PaymentMethod) => {
    setChanging(method.id)
    void change.run(async () => {
      await api.setDefaultPaymentMethod(method.id)
      await reload()
      announce(`${nameOf(method)} is your default now.`)
    })
  }
  const remove = async (method: PaymentMethod) => {
    await api.removePaymentMethod(method.id)
    await reload()
    setLeaving(null)
    announce(`${nameOf(method)} was removed.`)
  }

  return (
    <Panel title="Your payment methods">
      {methods.length === 0 && (
        <p className="quiet">There is none yet. Add one so that renewals and top-ups go through without you.</p>
      )}
      {methods.length > 0 && (
        <ul className="methods">
          {methods.map((method) => (
            <PaymentMethodRow
              key={method.id}
              method={method}
              now={now}
              timezone={timezone}
              busy={change.busy && changing === method.id}
              onMakeDefault={() => makeDefault(method)}
              onRemove={() => setLeaving(method)}
            />
          ))}
        </ul>
      )}
      <FaultMessage fault={change.fault} />
      <AddPaymentMethod reload={reload} />
      {leaving && (
        <RemoveDialog
          method={leaving}
          consequences={consequencesOf(leaving, methods, state, timezone)}
          onRemove={() => remove(leaving)}
          onClose={() => setLeaving(null)}
        />
      )}
    </Panel>
  )
}

/** Over the page; where that can't be, on a page of its own that leads back here. */
function AddPaymentMethod({ reload }: { reload: () => Promise<void> }) {
  const openCheckout = useOpenCheckout()
  const { announce } = usePortalContents()
  const { busy, fault, run } = useAction()
  const add = () =>
    run(async () => {
      const { outcome } = await openCheckout({ paymentMethod: 'new' })
      if (outcome === 'canceled') return
      await reload()
      announce('Your payment method was added.')
    })
  return (
    <>
      <div className="row">
        <ActionButton kind="primary" small busy={busy} onClick={() => void add()}>
          Add a payment method
        </ActionButton>
      </div>
      <FaultMessage fault={fault} />
    </>
  )
}
