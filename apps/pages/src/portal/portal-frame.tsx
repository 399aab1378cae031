import type { ReactNode } from 'react'
import { BrandMark } from '../brand/brand-mark.tsx'
import { useBrandColors } from '../brand/use-brand-colors.ts'
import { PageFooter } from '../page-frame.tsx'
import type { Portal } from './portal-api.ts'
import { PortalNavigation } from './portal-navigation.tsx'

type PortalFrameProps = { portal: Portal; base: string; news: ReactNode; children: ReactNode }

/** Whose page it is and the way back above, the sections beside, who carries the page below. */
export function PortalFrame({ portal, base, news, children }: PortalFrameProps) {
  const { merchant, brand, testMode, returnUrl } = portal
  useBrandColors(brand)
  return (
    <div className="portal">
      <a className="skip-link" href="#section">
        Skip to the content
      </a>
      <header className="portal-header">
        <BrandMark brand={brand} />
        {testMode && <p className="test-mode">Test mode</p>}
        <a className="portal-back" href={returnUrl}>
          <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
            <path d="M12 4.5 6.5 10l5.5 5.5" />
          </svg>
          Back<span className="portal-back-where"> to {merchant}</span>
        </a>
      </header>
      <div className="portal-body">
        <div className="portal-side">
          <PortalNavigation base={base} />
          <SignedInAs portal={portal} />
        </div>
        <main className="portal-main" id="section" tabIndex={-1}>
          {children}
        </main>
      </div>
      <PageFooter className="page-footer portal-footer" brand={brand} testMode={testMode} />
      <div className="visually-hidden" aria-live="polite">
        {news}
      </div>
    </div>
  )
}

function SignedInAs({ portal: { customerName, customerEmail } }: { portal: Portal }) {
  if (!customerName && !customerEmail) return null
  return (
    <p className="portal-customer">
      {customerName && <span className="portal-customer-name">{customerName}</span>}
      {customerEmail && <span className="portal-customer-email">{customerEmail}</span>}
    </p>
  )
}
