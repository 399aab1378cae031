import type { FormEvent } from 'react'
import type { CharacterSize } from './api.ts'

const SIZES: { size: CharacterSize; name: string; cost: string }[] = [
  { size: 1, name: 'Quick sketch', cost: '1 credit' },
  { size: 2, name: 'Detailed', cost: '2 credits' },
  { size: 3, name: 'Full dossier', cost: '3 credits' },
]

type PromptFormProps = {
  size: CharacterSize
  onSize: (size: CharacterSize) => void
  writing: boolean
  onGenerate: (prompt: string) => void
}

export function PromptForm({ size, onSize, writing, onGenerate }: PromptFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onGenerate(String(new FormData(event.currentTarget).get('prompt') ?? ''))
  }
  return (
    <form className="card prompt" onSubmit={submit}>
      <label className="field">
        <span>Who do you need?</span>
        <textarea
          name="prompt"
          rows={2}
          maxLength={200}
          required
          defaultValue="a retired lighthouse keeper who collects other people’s umbrellas"
        />
      </label>
      <div className="prompt-row">
        <fieldset className="sizes">
          <legend className="visually-hidden">How much to write</legend>
          {SIZES.map((option) => (
            <label key={option.size} className="size">
              <input
                type="radio"
                name="size"
                value={option.size}
                checked={option.size === size}
                onChange={() => onSize(option.size)}
              />
              <span className="size-name">{option.name}</span> <span className="size-cost">{option.cost}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit" className="button button-primary" disabled={writing} aria-busy={writing}>
          {writing ? 'Writing…' : 'Generate'}
        </button>
      </div>
    </form>
  )
}
