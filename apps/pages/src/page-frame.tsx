import type { ReactNode } from 'react'
import type { Brand } from './brand/brand.ts'
import { BrandLinks } from './brand/brand-links.tsx'
import { BrandMark } from './brand/brand-mark.tsx'
import { useBrandColors } from './brand/use-brand-colors.ts'

type PageFrameProps = { compact: boolean; brand: Brand | undefined; testMode: boolean; children: ReactNode }

/** Who asks for the money above, who carries the page below. `compact` is for a frame inside somebody's overlay. */
export function PageFrame({ compact, brand, testMode, children }: PageFrameProps) {
  useBrandColors(brand)
  return (
    <div className={compact ? 'page page-compact' : 'page'}>
      <header className="page-header">
        {brand && <BrandMark brand={brand} />}
        {testMode && <p className="test-mode">Test mode</p>}
      </header>
      <main className="page-main">{children}</main>
      <PageFooter className="page-footer" brand={brand} testMode={testMode} />
    </div>
  )
}

type PageFooterProps = { className: string; brand: Brand | undefined; testMode: boolean }

/** The seller's links, what the page may be trusted with, and who carries it. */
export function PageFooter({ className, brand, testMode }: PageFooterProps) {
  return (
    <footer className={className}>
      {testMode ? 'Test mode: no real money moves.' : 'Your card details never touch this page.'}
      {brand && <BrandLinks brand={brand} />}
      <span className="page-footer-mark">Powered by Florin</span>
    </footer>
  )
}
