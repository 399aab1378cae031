import { useCallback, useEffect, useRef, useState } from 'react'
import { RequestFailed } from '../graphql-request.ts'
import { useReloadOnBack } from '../use-reload-on-back.ts'
import { type InvoicePage, payInvoice, readInvoice } from './invoice-api.ts'

/** Why an invoice is on the screen again although the customer wanted to pay it. */
export type PayNotice = 'did-not-start' | 'changed' | null

/** What stands on the screen. */
export type InvoiceView =
  | { name: 'loading' }
  | { name: 'unreachable' }
  | { name: 'unknown' }
  | { name: 'invoice'; page: InvoicePage; paying: boolean; notice: PayNotice }

/** Loads an invoice, and leaves for the checkout that pays it. */
export function useInvoice(token: string, leave: (url: string) => void) {
  const [view, setView] = useState<InvoiceView>({ name: 'loading' })
  const busy = useRef(false)

  const show = useCallback(
    async (notice: PayNotice) => {
      try {
        const page = await readInvoice(token)
        setView(page ? { name: 'invoice', page, paying: false, notice } : { name: 'unknown' })
      } catch {
        setView({ name: 'unreachable' })
      }
    },
    [token],
  )

  const load = useCallback(() => {
    setView({ name: 'loading' })
    void show(null)
  }, [show])

  useEffect(load, [load])
  useReloadOnBack(load)

  async function pay(): Promise<void> {
    if (busy.current || view.name !== 'invoice') return
    busy.current = true
    setView({ ...view, paying: true, notice: null })
    try {
      leave(await payInvoice(token))
    } catch (failure) {
      // Somebody else paid it, or it was taken back: what is due now is told by the invoice itself.
      if (failure instanceof RequestFailed && failure.code === 'CONFLICT') await show('changed')
      else setView({ ...view, paying: false, notice: 'did-not-start' })
    } finally {
      busy.current = false
    }
  }

  return { view, pay, retry: load }
}
