import type { CharacterPart } from './api.ts'
import { Mask } from './mask.tsx'
import type { Draft } from './use-generation.ts'

/** The page on the desk. Words appear as they are written; a screen reader hears the whole once it is done. */
export function CharacterSheet({ draft }: { draft: Draft }) {
  if (draft.status === 'empty') {
    return (
      <section className="card sheet sheet-empty">
        <p>Nobody here yet.</p>
        <p className="fine">Describe somebody above. The first draft takes about two seconds.</p>
      </section>
    )
  }
  if (draft.status === 'failed') {
    return (
      <section className="card sheet sheet-empty">
        <p role="alert">{draft.message}</p>
        <p className="fine">Nothing is spent twice: generating again is safe.</p>
      </section>
    )
  }
  const writing = draft.status === 'writing'
  const [first, ...rest] = writing
    ? draft.parts
    : [{ title: 'Name', text: draft.character.name }, ...draft.character.parts]
  return (
    <article className="card sheet" aria-busy={writing} aria-live="polite">
      <header className="sheet-head">
        {writing ? <span className="mask-waiting" aria-hidden="true" /> : <Mask name={first?.text ?? ''} />}
        <h2 className="sheet-name">{first?.text ?? '…'}</h2>
      </header>
      <dl className="sheet-parts">
        {rest.map((part) => (
          <Part key={part.title} part={part} open={writing && part === rest.at(-1)} />
        ))}
      </dl>
    </article>
  )
}

function Part({ part, open }: { part: CharacterPart; open: boolean }) {
  return (
    <div className="sheet-part">
      <dt>{part.title}</dt>
      <dd className={open ? 'sheet-open' : undefined}>{part.text}</dd>
    </div>
  )
}
