import { type ReactNode, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { usePortalContents } from './portal-context.ts'

type SectionHeadingProps = { title: string; children?: ReactNode }

/**
 * The one `<h1>` of a section, with a sentence below it if there is one. It names the document, and takes the focus when
 * somebody navigated here, so that a screen reader hears where they are.
 */
export function SectionHeading({ title, children }: SectionHeadingProps) {
  const { portal } = usePortalContents()
  const heading = useRef<HTMLHeadingElement>(null)
  // The first page of a visit keeps the browser's own focus: navigation is still ahead of it.
  const navigated = useLocation().key !== 'default'
  useEffect(() => {
    document.title = `${title} – ${portal.merchant}`
  }, [title, portal.merchant])
  useEffect(() => {
    if (navigated) heading.current?.focus({ preventScroll: true })
  }, [navigated])
  return (
    <header className="section-head">
      <h1 className="view-heading" ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children && <p className="section-lead">{children}</p>}
    </header>
  )
}
