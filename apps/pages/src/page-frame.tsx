import type { ReactNode } from 'react'

type PageFrameProps = { compact: boolean; merchant: string | undefined; testMode: boolean; children: ReactNode }

/** Who asks for the money above, who carries the page below. `compact` is for a frame inside somebody's overlay. */
export function PageFrame({ compact, merchant, testMode, children }: PageFrameProps) {
  return (
    <div className={compact ? 'page page-compact' : 'page'}>
      <header className="page-header">
        {merchant && (
          <p className="merchant">
            <span className="merchant-mark" aria-hidden="true">
              {merchant.charAt(0)}
            </span>
            {merchant}
          </p>
        )}
        {testMode && <p className="test-mode">Test mode</p>}
      </header>
      <main className="page-main">{children}</main>
      <footer className="page-footer">
        {testMode ? 'Test mode: no real money moves.' : 'Your card details never touch this page.'}
        <span className="page-footer-mark">Powered by Florin</span>
      </footer>
    </div>
  )
}
