import { PaywallDialog, PricingTable, type Purchase } from '@florin/sdk/react'
import { useEffect, useState } from 'react'
import { type Character, type CharacterSize, fetchCharacters, type User } from './api.ts'
import { METER, useRefused } from './billing.tsx'
import { CharacterSheet } from './character-sheet.tsx'
import { Gallery } from './gallery.tsx'
import { Header } from './header.tsx'
import { PromptForm } from './prompt-form.tsx'
import { UsageList } from './usage-list.tsx'
import { useGeneration } from './use-generation.ts'

type StudioProps = { user: User; onSignOut: () => void }

/** The desk: the prompt, the character being written, those written before, and what they cost. */
export function Studio({ user, onSignOut }: StudioProps) {
  const [size, setSize] = useState<CharacterSize>(1)
  const [paywallShown, setPaywallShown] = useState(false)
  const [plansShown, setPlansShown] = useState(false)
  const [news, setNews] = useState<string | null>(null)
  const { characters, add } = useCharacters()
  const refused = useRefused(size)
  const { draft, start, show } = useGeneration({ onWritten: add, onRefused: () => setPaywallShown(true) })

  const generate = (prompt: string) => {
    setNews(null)
    if (refused) setPaywallShown(true)
    else void start(prompt, size)
  }
  const tell = ({ remedy, outcome, error }: Purchase) => {
    const { name } = 'rateCard' in remedy ? remedy.rateCard : remedy.bundle
    if (outcome === 'completed') setNews(`You’re on ${name}. Your new credits are here.`)
    if (error) setNews(`The checkout could not be opened: ${error.message}`)
  }
  return (
    <div className="studio">
      <Header
        user={user}
        plansShown={plansShown}
        onPlans={() => setPlansShown(!plansShown)}
        onFailure={(message) => setNews(`Your billing page could not be opened: ${message}`)}
        onSignOut={onSignOut}
      />
      {plansShown && <PricingTable headingLevel={2} className="plans" />}
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
      <PaywallDialog
        meter={METER}
        quantity={size}
        open={paywallShown}
        onClose={() => setPaywallShown(false)}
        onPurchase={tell}
      />
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
