import type { ReactNode } from 'react'
import { ViewHeading } from './view-heading.tsx'

export type NoticeTone = 'good' | 'quiet' | 'unknown' | 'bad'

const MARKS: Record<NoticeTone, string> = {
  good: 'M7 13.5 11.2 17.5 19 9',
  quiet: 'M13 7.5v6l3.5 2.5',
  unknown: 'M10.2 10.4a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2.1M13 18.4v.2',
  bad: 'M13 7.5v7M13 18v.2',
}

type NoticeProps = { title: string; tone: NoticeTone; children: ReactNode; actions?: ReactNode }

/** A view that says one thing: a mark, a heading, a sentence or two, and what to do next. */
export function Notice({ title, tone, children, actions }: NoticeProps) {
  return (
    <section className={`card notice notice-${tone}`}>
      <svg className="notice-mark" viewBox="0 0 26 26" aria-hidden="true">
        <circle cx="13" cy="13" r="12" />
        <path d={MARKS[tone]} pathLength="1" />
      </svg>
      <ViewHeading>{title}</ViewHeading>
      <div className="notice-text">{children}</div>
      {actions && <div className="actions">{actions}</div>}
    </section>
  )
}
