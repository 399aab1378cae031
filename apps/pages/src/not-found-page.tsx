import { Notice } from './notice.tsx'
import { PageFrame } from './page-frame.tsx'

export function NotFoundPage() {
  return (
    <PageFrame compact={false} brand={undefined} testMode={false}>
      <Notice title="There is no page here" tone="unknown">
        <p>The link may have been cut short. Please go back to the app and open it again from there.</p>
      </Notice>
    </PageFrame>
  )
}
