import type { BillingState } from '@florin/sdk'
import { useBillingState, useInvoices } from '@florin/sdk/react'
import { Link } from 'react-router'
import { ActionButton } from '../../action-button.tsx'
import { moneyOf } from '../../amounts.ts'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'
import { InvoiceRow } from './invoice-row.tsx'
import { PaymentsOnTheirWay } from './payments-on-their-way.tsx'
import { UpcomingInvoice } from './upcoming-invoice.tsx'

const RUNNING = new Set(['ACTIVE', 'TRIALING', 'PAST_DUE'])

/** What was invoiced, what is due, and what comes next. */
export function InvoicesSection() {
  const { state } = useBillingState()
  const { portal } = usePortalContents()
  const running = (state?.subscriptions ?? []).filter(({ status }) => RUNNING.has(status))
  return (
    <>
      <SectionHeading title="Invoices">
        Name, address or tax ID to put on the next ones?{' '}
        <Link className="link" to="../payment-methods" relative="path">
          Change your billing details
        </Link>
      </SectionHeading>
      {!state && <SectionLoading label="Loading your invoices…" />}
      {state && (
        <>
          {state.accountCredit && <AccountCredit credit={state.accountCredit} />}
          {running.map((subscription) => (
            <UpcomingInvoice
              key={subscription.id}
              subscription={subscription}
              named={running.length > 1}
              timezone={portal.timezone}
            />
          ))}
          <PaymentsOnTheirWay timezone={portal.timezone} />
          <InvoiceList state={state} timezone={portal.timezone} />
        </>
      )}
    </>
  )
}

function AccountCredit({ credit: { amount, currency } }: { credit: NonNullable<BillingState['accountCredit']> }) {
  return (
    <p className="alert">
      <span className="alert-text">
        You have <strong>{moneyOf(amount, currency)}</strong> of account credit. Your next invoices use it first.
      </span>
    </p>
  )
}

function InvoiceList({ state, timezone }: { state: BillingState; timezone: string }) {
  const { value: invoices, error, loading, reload, hasMore, loadMore, loadingMore } = useInvoices({ first: 12 })
  return (
    <Panel title="All invoices">
      {loading && <p className="line-skeleton" role="status" aria-label="Loading your invoices…" />}
      {error && !invoices && (
        <p className="quiet">
          Your invoices can’t be shown at the moment.{' '}
          <button type="button" className="link" onClick={() => void reload()}>
            Try again
          </button>
        </p>
      )}
      {invoices?.length === 0 && (
        <p className="quiet">There are none yet. The first one is written when something is charged.</p>
      )}
      {invoices && invoices.length > 0 && (
        <ul className="invoice-rows">
          {invoices.map((invoice) => (
            <InvoiceRow
              key={invoice.id}
              invoice={invoice}
              state={state}
              timezone={timezone}
              onPaid={() => void reload()}
            />
          ))}
        </ul>
      )}
      {hasMore && (
        <div className="row">
          <ActionButton kind="plain" small busy={loadingMore} onClick={() => void loadMore()}>
            Show older invoices
          </ActionButton>
        </div>
      )}
    </Panel>
  )
}
