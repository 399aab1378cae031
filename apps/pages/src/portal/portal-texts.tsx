import { TextsProvider, useBillingState } from '@florin/sdk/react'
import { type ReactNode, useMemo } from 'react'
import { creditNoun } from './credit-names.ts'
import { usePortalContents } from './portal-context.ts'

/** The SDK writes as the pages do: in the reader's own notation, in the customer's days, with the names of their credits. */
export function PortalTexts({ children }: { children: ReactNode }) {
  const { state } = useBillingState()
  const { timezone } = usePortalContents().portal
  const labels = useMemo(
    () => ({ credits: (creditType: string, amount: string) => creditNoun(state, creditType, amount) }),
    [state],
  )
  return (
    <TextsProvider timeZone={timezone} locale={navigator.language} labels={labels}>
      {children}
    </TextsProvider>
  )
}
