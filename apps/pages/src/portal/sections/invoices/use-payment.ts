import type { Invoice } from '@florin/sdk'
import { useOpenCheckout } from '@florin/sdk/react'
import { RequestFailed } from '../../../graphql-request.ts'
import { usePortalContents } from '../../portal-context.ts'
import { SLOW_MONEY } from '../../slow-money.ts'
import { useAction } from '../../use-action.ts'
import { openInvoiceCheckout } from './pay-invoice.ts'

/** Pays what is due on an invoice, over the page. `onPaid` also when somebody else was faster. */
export function usePayment({ number, pageUrl }: Invoice, onPaid: () => void) {
  const openCheckout = useOpenCheckout()
  const { announce, fetchToken } = usePortalContents()
  const { busy, fault, run } = useAction()
  const pay = () =>
    run(async () => {
      try {
        const { outcome } = await openCheckout(await openInvoiceCheckout(pageUrl ?? '', await fetchToken()))
        if (outcome === 'canceled') return
        announce(outcome === 'pending' ? SLOW_MONEY : `Invoice ${number} is paid.`)
      } catch (failure) {
        // It was paid or taken back meanwhile: the list tells.
        if (!(failure instanceof RequestFailed && failure.code === 'CONFLICT')) throw failure
      }
      onPaid()
    })
  return { busy, fault, pay }
}
