import { type ReactNode, useId } from 'react'

type PanelProps = { title: string; aside?: ReactNode; children: ReactNode; className?: string }

/** A card with a heading of its own: the building block of every section. */
export function Panel({ title, aside, children, className }: PanelProps) {
  const id = useId()
  return (
    <section className={className ? `card panel ${className}` : 'card panel'} aria-labelledby={id}>
      <header className="panel-head">
        <h2 className="panel-title" id={id}>
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  )
}
