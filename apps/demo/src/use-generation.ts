import { useRef, useState } from 'react'
import { type Character, type CharacterPart, type CharacterSize, generate } from './api.ts'

/** What is on the desk: nothing, a character being written, a finished one, or what went wrong. */
export type Draft =
  | { status: 'empty' }
  | { status: 'writing'; parts: CharacterPart[] }
  | { status: 'written'; character: Character }
  | { status: 'failed'; message: string }

type Outcome = { onWritten: (character: Character) => void; onRefused: () => void }

/** One generation at a time. Each click has a key of its own, so that whatever is sent twice is spent once. */
export function useGeneration({ onWritten, onRefused }: Outcome) {
  const [draft, setDraft] = useState<Draft>({ status: 'empty' })
  const busy = useRef(false)

  async function start(prompt: string, size: CharacterSize): Promise<void> {
    if (busy.current) return
    busy.current = true
    const before = draft
    setDraft({ status: 'writing', parts: [] })
    try {
      const key = crypto.randomUUID()
      const character = await generate({ prompt, size, key }, ({ part, text }) =>
        setDraft((now) => (now.status === 'writing' ? { ...now, parts: withWord(now.parts, part, text) } : now)),
      )
      setDraft(character ? { status: 'written', character } : before)
      if (character) onWritten(character)
      else onRefused()
    } catch (error) {
      setDraft({ status: 'failed', message: (error as Error).message })
    } finally {
      busy.current = false
    }
  }
  return { draft, start, show: (character: Character) => setDraft({ status: 'written', character }) }
}

function withWord(parts: CharacterPart[], title: string, word: string): CharacterPart[] {
  const last = parts.at(-1)
  if (last?.title !== title) return [...parts, { title, text: word }]
  return [...parts.slice(0, -1), { title, text: last.text + word }]
}
