import type { Character } from './api.ts'
import { Mask } from './mask.tsx'

type GalleryProps = { characters: Character[]; onShow: (character: Character) => void }

export function Gallery({ characters, onShow }: GalleryProps) {
  if (characters.length === 0) return null
  return (
    <section className="gallery" aria-labelledby="gallery-title">
      <h2 id="gallery-title">Your cast</h2>
      <ul className="gallery-list">
        {characters.map((character) => (
          <li key={character.id}>
            <button type="button" className="card gallery-card" onClick={() => onShow(character)}>
              <Mask name={character.name} />
              <span className="gallery-name">{character.name}</span>
              <span className="gallery-prompt">{character.prompt}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
