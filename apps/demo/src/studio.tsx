import { useEffect, useState } from 'react'
import { type Character, type CharacterSize, fetchCharacters, type User } from './api.ts'
import { useCredits } from './billing.tsx'
import { CharacterSheet } from './character-sheet.tsx'
import { Gallery } from './gallery.tsx'
import { Header } from './header.tsx'
import { PlansDialog } from './plans-dialog.tsx'
import { PromptForm } from './prompt-form.tsx'
import { UsageList } from './usage-list.tsx'
import { useGeneration } from './use-generation.ts'

type StudioProps = { user: User; onSignOut: () => void }

/** The desk: the prompt, the character being written, those written before, and what they cost. */
export function Studio({ user, onSignOut }: StudioProps) {
  const [size, setSize] = useState<CharacterSize>(1)
  const [plansShown, setPlansShown] = useState<'paywall' | 'plans' | null>(null)
  const [news, setNews] = useState<string | null>(null)
  const { characters, add } = useCharacters()
  const { refused } = useCredits(size)
  const { draft, start, show } = useGeneration({ onWritten: add, onRefused: () => setPlansShown('paywall') })

  const generate = (prompt: string) => {
    setNews(null)
    if (refused) setPlansShown('paywall')
    else void start(prompt, size)
  }
  return (
    <div className="studio">
      <Header user={user} onSignOut={onSignOut} onPlans={() => setPlansShown('plans')} />
      <main className="studio-main">
        <div className="desk">
          <PromptForm size={size} onSize={setSize} writing={draft.status === 'writing'} onGenerate={generate} />
          <p className="news" role="status">
            {news}
          </p>
          <CharacterSheet draft={draft} />
        </div>
        <aside className="margin">
          <UsageList />
        </aside>
        <Gallery characters={characters} onShow={show} />
      </main>
      <PlansDialog shown={plansShown} size={size} onClose={() => setPlansShown(null)} onNews={setNews} />
    </div>
  )
}

function useCharacters() {
  const [characters, setCharacters] = useState<Character[]>([])
  useEffect(() => {
    fetchCharacters().then(setCharacters, () => setCharacters([]))
  }, [])
  return { characters, add: (character: Character) => setCharacters((others) => [character, ...others]) }
}
