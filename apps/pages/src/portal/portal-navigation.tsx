import { useEffect, useRef } from 'react'
import { NavLink, useLocation } from 'react-router'
import { PORTAL_SECTIONS } from './portal-sections.tsx'

/** A rail beside the section; on a phone a bar above it that scrolls by itself to where the reader is. */
export function PortalNavigation({ base }: { base: string }) {
  const list = useRef<HTMLUListElement>(null)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current link is another one after each navigation
  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>('[aria-current="page"]')
    if (current && list.current) list.current.scrollLeft = current.offsetLeft - 24
  }, [pathname])
  return (
    <nav className="portal-nav" aria-label="Your account">
      <ul className="portal-nav-list" ref={list}>
        {PORTAL_SECTIONS.map(({ path, label, icon }) => (
          <li key={path}>
            <NavLink className="portal-nav-link" to={path ? `${base}/${path}` : base} end={path === ''}>
              <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
                <path d={icon} />
              </svg>
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
