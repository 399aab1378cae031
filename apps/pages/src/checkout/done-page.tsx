import { useEffect } from 'react'
import { Notice } from '../notice.tsx'
import { PageFrame } from '../page-frame.tsx'

/** `/checkout/done`: where mailed links lead back to, and those of which nothing is left to do. */
export function DonePage() {
  useEffect(() => {
    document.title = 'Nothing left to do'
  }, [])
  return (
    <PageFrame compact={false} brand={undefined} testMode={false}>
      <Notice tone="good" title="Nothing left to do here">
        <p>What this link was for is done, or no longer needed. You can close this page.</p>
      </Notice>
    </PageFrame>
  )
}
