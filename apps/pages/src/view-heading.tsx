import { type ReactNode, useEffect, useRef } from 'react'

/** The one heading of a view. It takes the focus when its view replaces another, so that a screen reader hears the news. */
export function ViewHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <h1 className="view-heading" ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
