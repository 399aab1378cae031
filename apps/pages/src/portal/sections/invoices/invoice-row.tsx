import type { BillingState, Invoice } from '@florin/sdk'
import { formatDay } from '../../../days.ts'
import { periodOf, titleOf } from '../../../invoice/invoice-words.ts'
import { ActionButton } from '../../action-button.tsx'
import { moneyOf } from '../../amounts.ts'
import { FaultMessage } from '../../fault-message.tsx'
import { amountOf, isPayable, notesOf, statusOf } from './invoice-state.ts'
import { usePayment } from './use-payment.ts'

type InvoiceRowProps = { invoice: Invoice; state: BillingState; timezone: string; onPaid: () => void }

/** One invoice: what it is, how it stands, what it came to, and what can be done about it. */
export function InvoiceRow({ invoice, state, timezone, onPaid }: InvoiceRowProps) {
  const { number, issuedAt, creditNotes, currency, pageUrl, pdfUrl } = invoice
  const { busy, fault, pay } = usePayment(invoice, onPaid)
  const mark = statusOf(invoice, state)
  const period = periodOf(invoice, timezone)
  const notes = notesOf(invoice)
  return (
    <li className="invoice-row">
      <div className="invoice-row-what">
        <h3 className="invoice-row-number">
          {pageUrl ? (
            <a className="quiet-link" href={pageUrl} target="_blank" rel="noreferrer">
              {titleOf(invoice)} {number}
              <span className="visually-hidden"> (opens in a new tab)</span>
            </a>
          ) : (
            number
          )}
        </h3>
        <p className="invoice-row-days quiet small">
          {issuedAt && <span>{formatDay(issuedAt, timezone)}</span>}
          {period && <span>For {period}</span>}
        </p>
      </div>
      <p className={`badge badge-${mark.tone}`}>
        <span className="visually-hidden">Status: </span>
        {mark.label}
      </p>
      <p className="invoice-row-amount">{amountOf(invoice)}</p>
      <div className="invoice-row-actions">
        {isPayable(invoice) && pageUrl && (
          <ActionButton kind="primary" small busy={busy} onClick={pay}>
            Pay {moneyOf(invoice.amountDue, currency)}
          </ActionButton>
        )}
        {pdfUrl && (
          <a className="icon-link" href={pdfUrl} download={`${number}.pdf`} title={`Download ${number} as PDF`}>
            <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
              <path d="M10 3.5v9m-3.5-3.5 3.5 3.5 3.5-3.5M4 16.5h12" />
            </svg>
            PDF<span className="visually-hidden"> of {number}</span>
          </a>
        )}
      </div>
      {(notes.length > 0 || creditNotes.length > 0) && (
        <ul className="invoice-row-notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
          {creditNotes.map(({ id, number: note, amount, issuedAt: on, reason }) => (
            <li key={id}>
              Credit note {note} of {formatDay(on, timezone)}: {moneyOf(amount, currency)} taken back. {reason}
            </li>
          ))}
        </ul>
      )}
      <FaultMessage fault={fault} />
    </li>
  )
}
