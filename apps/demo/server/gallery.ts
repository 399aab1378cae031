import type { Character } from './character-writer.ts'

const KEPT_PER_USER = 24

/** Persona's own data: what was written for whom, newest first. It lives as long as the process. */
export function createGallery() {
  const characters = new Map<string, Character[]>()
  const of = (userId: string) => characters.get(userId) ?? []
  return {
    of,
    /** The same character again takes its own place. */
    add(userId: string, character: Character): void {
      const others = of(userId).filter(({ id }) => id !== character.id)
      characters.set(userId, [character, ...others].slice(0, KEPT_PER_USER))
    },
  }
}

export type Gallery = ReturnType<typeof createGallery>
