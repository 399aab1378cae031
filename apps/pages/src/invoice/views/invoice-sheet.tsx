import type { ReactNode } from 'react'
import { formatDay } from '../../days.ts'
import { formatMoney } from '../../formats.ts'
import { ViewHeading } from '../../view-heading.tsx'
import type { InvoicePage } from '../invoice-api.ts'
import { headlineOf, markOf, partyLines, periodOf, sellerLines, sumsOf, titleOf } from '../invoice-words.ts'
import type { InvoiceView, PayNotice } from '../use-invoice.ts'
import { InvoiceLines } from './invoice-lines.tsx'

type InvoiceSheetProps = { view: Extract<InvoiceView, { name: 'invoice' }>; token: string; onPay: () => void }

/** What its PDF says, and the button. */
export function InvoiceSheet({ view, token, onPay }: InvoiceSheetProps) {
  const { page, paying, notice } = view
  const { invoice } = page
  const mark = markOf(invoice)
  return (
    <article className="card invoice">
      <header className="invoice-head">
        <ViewHeading>
          {titleOf(invoice)} <span className="invoice-number">{invoice.number}</span>
        </ViewHeading>
        <p className={`mark mark-${mark.tone}`}>
          <span className="visually-hidden">Status: </span>
          {mark.label}
        </p>
      </header>
      <Headline page={page} notice={notice}>
        {page.payable && (
          <button type="button" className="button button-primary" disabled={paying} aria-busy={paying} onClick={onPay}>
            {paying && <span className="spinner" aria-hidden="true" />}
            Pay {formatMoney({ amount: invoice.amountDue, currency: invoice.currency })}
          </button>
        )}
        <a
          className="button button-plain"
          href={`/invoices/${encodeURIComponent(token)}.pdf`}
          download={`${invoice.number}.pdf`}
        >
          Download PDF
        </a>
      </Headline>
      <Facts page={page} />
      <InvoiceLines page={page} />
      <Sums page={page} />
      <CreditNotes page={page} />
    </article>
  )
}

const NOTICES: Record<Exclude<PayNotice, null>, string> = {
  'did-not-start': 'The payment could not be started. Nothing was charged. Please try again.',
  changed: 'This invoice has changed in the meantime. Nothing was charged; what you see is how it stands now.',
}

type HeadlineProps = { page: InvoicePage; notice: PayNotice; children: ReactNode }

function Headline({ page, notice, children }: HeadlineProps) {
  const { label, amount, sentence } = headlineOf(page)
  return (
    <section className="invoice-headline" aria-label="What is due">
      <p className="invoice-due">
        <span className="invoice-due-label">{label}</span>
        <strong className="invoice-due-amount">{formatMoney({ amount, currency: page.invoice.currency })}</strong>
        <span className="invoice-due-sentence">{sentence}</span>
      </p>
      <div className="actions">{children}</div>
      {notice && (
        <p className="problem" role="alert">
          {NOTICES[notice]}
        </p>
      )}
    </section>
  )
}

function Facts({ page }: { page: InvoicePage }) {
  const { invoice, timezone } = page
  const period = periodOf(invoice, timezone)
  const from = sellerLines(page)
  return (
    <dl className={from ? 'facts facts-parties' : 'facts'}>
      {from && <PartyFact label="From" lines={from} />}
      <PartyFact label="Billed to" lines={partyLines(page.buyer)} />
      {invoice.issuedAt && (
        <div className="fact">
          <dt>Issued</dt>
          <dd>{formatDay(invoice.issuedAt, timezone)}</dd>
        </div>
      )}
      {period && (
        <div className="fact">
          <dt>Period</dt>
          <dd>{period}</dd>
        </div>
      )}
    </dl>
  )
}

const PartyFact = ({ label, lines }: { label: string; lines: readonly string[] }) => (
  <div className="fact">
    <dt>{label}</dt>
    {lines.map((line) => (
      <dd key={line}>{line}</dd>
    ))}
  </div>
)

function Sums({ page }: { page: InvoicePage }) {
  return (
    <dl className="lines sums" aria-label="Total">
      {sumsOf(page).map(({ label, amount, strong }) => (
        <div key={label} className={strong ? 'line line-total' : 'line'}>
          <dt>{label}</dt>
          <dd>{amount}</dd>
        </div>
      ))}
    </dl>
  )
}

function CreditNotes({ page: { invoice, timezone } }: { page: InvoicePage }) {
  const { creditNotes, currency } = invoice
  if (creditNotes.length === 0) return null
  return (
    <section className="notes">
      <h2 className="notes-heading">Credit notes</h2>
      {creditNotes.map(({ number, issuedAt, amount, reason }) => (
        <div key={number} className="note">
          <p className="line">
            <strong>
              {number}, {formatDay(issuedAt, timezone)}
            </strong>
            <span>{formatMoney({ amount, currency })}</span>
          </p>
          <p className="note-reason">{reason}</p>
        </div>
      ))}
    </section>
  )
}
