import { useEffect } from 'react'
import { useParams } from 'react-router'
import { LoadingView } from '../loading-view.tsx'
import { Notice } from '../notice.tsx'
import { PageFrame } from '../page-frame.tsx'
import { UnreachableView } from '../unreachable-view.tsx'
import { titleOf } from './invoice-words.ts'
import { type InvoiceView, useInvoice } from './use-invoice.ts'
import { InvoiceSheet } from './views/invoice-sheet.tsx'

/** `/invoices/:token`. */
export function InvoicePage({ leave = (url: string) => location.assign(url) }) {
  const { token = '' } = useParams()
  const { view, pay, retry } = useInvoice(token, leave)
  const page = view.name === 'invoice' ? view.page : null
  useDocumentTitle(view)
  return (
    <PageFrame compact={false} brand={page?.brand} testMode={page?.testMode ?? false}>
      {view.name === 'loading' && <LoadingView label="Loading your invoice…" />}
      {view.name === 'unreachable' && <UnreachableView onRetry={retry} />}
      {view.name === 'unknown' && <UnknownInvoice />}
      {view.name === 'invoice' && <InvoiceSheet view={view} token={token} onPay={pay} />}
    </PageFrame>
  )
}

function UnknownInvoice() {
  return (
    <Notice tone="unknown" title="We don’t know this invoice">
      <p>The link may have been cut short. Please open it again from where you found it.</p>
    </Notice>
  )
}

function useDocumentTitle(view: InvoiceView): void {
  const shown = view.name === 'invoice' ? view.page : null
  const title = shown ? `${titleOf(shown.invoice)} ${shown.invoice.number} – ${shown.merchant}` : 'Invoice'
  useEffect(() => {
    document.title = title
  }, [title])
}
