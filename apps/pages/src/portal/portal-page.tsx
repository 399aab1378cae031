import { BillingProvider } from '@florin/sdk/react'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { Navigate, Route, Routes, useParams } from 'react-router'
import { Notice } from '../notice.tsx'
import { PageFrame } from '../page-frame.tsx'
import { UnreachableView } from '../unreachable-view.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import type { Portal } from './portal-api.ts'
import { PortalContext } from './portal-context.ts'
import { PortalFrame } from './portal-frame.tsx'
import { PORTAL_SECTIONS } from './portal-sections.tsx'
import { PortalTexts } from './portal-texts.tsx'
import { SectionLoading } from './section-loading.tsx'
import { type PortalView, usePortal } from './use-portal.ts'

/** The live connection's address follows from an absolute one. */
const graphqlUrl = () => new URL('/graphql', location.href).href

/** `/portal/:token/*`. */
export function PortalPage() {
  const { token = '' } = useParams()
  const { view, retry, fetchToken } = usePortal(token)
  useTitleOfNotice(view)
  if (view.name === 'open') {
    return (
      <BillingProvider key={token} url={graphqlUrl()} token={fetchToken} checkoutUrls={checkoutUrlsOf(view.portal)}>
        <OpenPortal portal={view.portal} base={`/portal/${token}`} fetchToken={fetchToken} />
      </BillingProvider>
    )
  }
  const portal = view.name === 'expired' ? view.portal : null
  return (
    <PageFrame compact={false} brand={portal?.brand} testMode={portal?.testMode ?? false}>
      {view.name === 'loading' && <SectionLoading label="Loading your account…" />}
      {view.name === 'unreachable' && <UnreachableView onRetry={retry} />}
      {view.name === 'unknown' && <UnknownSession />}
      {portal && <ExpiredSession portal={portal} />}
    </PageFrame>
  )
}

/** A checkout's link tells where it leads back to: never to this page, whose address opens the portal. */
const checkoutUrlsOf = ({ returnUrl }: Portal) => ({
  successUrl: returnUrl,
  cancelUrl: `${location.origin}/checkout/done`,
})

type OpenPortalProps = { portal: Portal; base: string; fetchToken: () => Promise<string> }

function OpenPortal({ portal, base, fetchToken }: OpenPortalProps) {
  const { news, announce } = useNews()
  const contents = useMemo(() => ({ portal, announce, fetchToken }), [portal, announce, fetchToken])
  return (
    <PortalContext.Provider value={contents}>
      <PortalFrame portal={portal} base={base} news={news}>
        <PortalTexts>
          <ConnectionNotice />
          <Routes>
            {PORTAL_SECTIONS.map(({ path, Section }) => (
              <Route key={path} path={path} element={<Section />} />
            ))}
            <Route path="*" element={<Navigate to={base} replace />} />
          </Routes>
        </PortalTexts>
      </PortalFrame>
    </PortalContext.Provider>
  )
}

const HEARD_AFTER_MS = 4000

/** The same sentence twice is news twice: a screen reader reads what was empty in between. */
function useNews(): { news: ReactNode; announce: (news: string) => void } {
  const [told, setTold] = useState({ count: 0, text: '' })
  const announce = useCallback((text: string) => setTold(({ count }) => ({ count: count + 1, text })), [])
  useEffect(() => {
    if (!told.text) return
    // What was heard is no longer news to somebody who reads on.
    const timer = setTimeout(() => setTold(({ count }) => ({ count, text: '' })), HEARD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [told])
  return { news: told.text && <p key={told.count}>{told.text}</p>, announce }
}

function ExpiredSession({ portal: { merchant, returnUrl } }: { portal: Portal }) {
  return (
    <Notice
      tone="quiet"
      title="This link has expired"
      actions={
        <a className="button button-primary" href={returnUrl}>
          Back to {merchant}
        </a>
      }
    >
      <p>To keep your account safe, these links work for a limited time. Go back to {merchant} to open a new one.</p>
    </Notice>
  )
}

function UnknownSession() {
  return (
    <Notice tone="unknown" title="We don’t know this link">
      <p>It may have been cut short, or it is very old. Please go back to the app and open your account from there.</p>
    </Notice>
  )
}

const TITLES: Record<Exclude<PortalView['name'], 'open'>, string> = {
  loading: 'Your account',
  unreachable: 'We can’t reach the server',
  unknown: 'We don’t know this link',
  expired: 'This link has expired',
}

/** An open page is named by its section. */
function useTitleOfNotice(view: PortalView): void {
  const title = view.name === 'open' ? null : TITLES[view.name]
  useEffect(() => {
    if (title) document.title = title
  }, [title])
}
